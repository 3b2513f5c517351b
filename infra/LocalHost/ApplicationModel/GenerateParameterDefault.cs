using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>Number of characters; 22 when not given, which is 128 bits of letters and digits.</summary>
    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public override string GetDefaultValue()
    {
        var characters = (Lower ? "abcdefghijkmnpqrstuvwxyz" : "") + (Upper ? "ABCDEFGHJKLMNPQRSTUVWXYZ" : "") +
            (Numeric ? "0123456789" : "") + (Special ? "-_.{}~()*+!" : "");
        return RandomNumberGenerator.GetString(characters, MinLength > 0 ? MinLength : 22);
    }
}
