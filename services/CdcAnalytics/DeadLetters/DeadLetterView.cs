using System.Text;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>A letter as the API shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Entity">The entity of its topic.</param>
/// <param name="Topic">Where it stood.</param>
/// <param name="Partition">Its partition there.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Key">The message's key as text: what is no UTF-8 is replaced.</param>
/// <param name="Reason">Why it was not applied.</param>
/// <param name="IsHeldBack">True when nothing is wrong with it but that an earlier event of the same row is parked.</param>
/// <param name="Position">Its place in the log; null where that could not be read.</param>
/// <param name="ParkedAt">When it was parked.</param>
/// <param name="Text">The value as text; null in a list.</param>
/// <param name="Bytes">The value, exactly; null in a list.</param>
internal sealed record DeadLetterView(
    long Id, string Entity, string Topic, int Partition, long Offset, string? Key, string Reason, bool IsHeldBack, string? Position, DateTime ParkedAt, string? Text, byte[]? Bytes)
{
    public static DeadLetterView Of(DeadLetter letter, bool withValue) => new(
        letter.Id, letter.Entity, letter.Topic, letter.Partition, letter.Offset, letter.Key is null ? null : Encoding.UTF8.GetString(letter.Key), letter.Reason,
        letter.IsHeldBack, letter.Position?.ToString(), letter.ParkedAt, withValue ? Encoding.UTF8.GetString(letter.Value) : null, withValue ? letter.Value : null);
}
