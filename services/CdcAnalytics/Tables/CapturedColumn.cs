using Platform.CdcAnalytics.Envelopes;

namespace Platform.CdcAnalytics.Tables;

/// <summary>A column of a captured table, ready to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Writer">Writes its values.</param>
/// <param name="IsRequired">True when it is NOT NULL.</param>
/// <param name="DefaultJson">Its default where that is a constant, as JSON; otherwise null.</param>
/// <param name="NameJson">Its name as it stands in an object: in quotes, with the colon.</param>
internal sealed record CapturedColumn(string Name, ValueWriter Writer, bool IsRequired, string? DefaultJson, byte[] NameJson)
{
    private readonly byte[]? _missing = DefaultJson is null ? null : System.Text.Encoding.UTF8.GetBytes(DefaultJson);

    /// <summary>What stands for a value that the log does not carry: null, or where that is no value of the column, its default.</summary>
    public ReadOnlySpan<byte> Missing => !IsRequired ? "null"u8 : _missing is not null ? _missing : Writer.Missing;
}
