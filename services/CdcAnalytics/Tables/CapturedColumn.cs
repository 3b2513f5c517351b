using System.Text;
using Platform.CdcAnalytics.Envelopes;

namespace Platform.CdcAnalytics.Tables;

/// <summary>A column of a captured table, ready to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Writer">Writes its values.</param>
/// <param name="IsRequired">True when it is NOT NULL.</param>
/// <param name="DefaultJson">Its default where that is a constant, as JSON; otherwise null.</param>
internal sealed record CapturedColumn(string Name, ValueWriter Writer, bool IsRequired, string? DefaultJson)
{
    private readonly byte[]? _missing = DefaultJson is null ? null : Encoding.UTF8.GetBytes(DefaultJson);

    private readonly byte[] _first = Encoding.UTF8.GetBytes($"{{{ConnectSchema.Quote(Name)}:"), _next = Encoding.UTF8.GetBytes($",{ConnectSchema.Quote(Name)}:");

    /// <summary>What stands before its value in an object: the name, and before it what opens the object, or the comma.</summary>
    public ReadOnlySpan<byte> NameJson(bool isFirst) => isFirst ? _first : _next;

    /// <summary>What stands for a value that the log does not carry: null, or where that is no value of the column, its default.</summary>
    public ReadOnlySpan<byte> Missing => !IsRequired ? "null"u8 : _missing is not null ? _missing : Writer.Missing;
}
