using System.Security.Cryptography;
using System.Text;

namespace Platform.SchemaService.Ddl;

/// <summary>
/// Names of what belongs to a table. Postgres cuts long ones short, which could make two the same; here they end in a hash instead.
/// </summary>
internal static class ObjectNames
{
    private const int Longest = 63;
    private const int HashLength = 8;

    /// <summary>The parts joined by underscores, always the same for the same parts.</summary>
    public static string Of(params string[] parts)
    {
        var name = string.Join('_', parts);
        if (name.Length <= Longest) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{name[..(Longest - HashLength - 1)]}_{hash}";
    }
}
