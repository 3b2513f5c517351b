using Platform.Replication;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>An event that was not applied and waits for somebody to decide.</summary>
/// <param name="Id">Its number; 0 before it is stored. Letters of one row are in the order of their numbers.</param>
/// <param name="Entity">The entity of its topic.</param>
/// <param name="Topic">Where it stood.</param>
/// <param name="Partition">Its partition there.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Key">The message's key: tenant and key of the row. Null when it has none.</param>
/// <param name="Value">The message's value.</param>
/// <param name="Reason">Why it was not applied.</param>
/// <param name="IsHeldBack">True when nothing is wrong with it but that an earlier event of the same row is parked.</param>
/// <param name="Position">Its place in the log, where that could be read.</param>
/// <param name="ParkedAt">When it was parked.</param>
internal sealed record DeadLetter(
    long Id, string Entity, string Topic, int Partition, long Offset, byte[]? Key, byte[] Value, string Reason, bool IsHeldBack, LogPosition? Position, DateTime ParkedAt)
{
    /// <summary>What all letters of one row share; null without a key.</summary>
    public string? Row => RowOf(Topic, Key);

    public static string? RowOf(string topic, byte[]? key) => key is null ? null : $"{topic}/{Convert.ToBase64String(key)}";
}
