using System.Security.Cryptography;
using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>
/// Makes keys for rows that come without one. A whole-number key is milliseconds since 2025 times 4096 plus a random part:
/// ordered by time, the same in every JSON reader (53 bits), made without asking anybody, and telling nothing about other
/// tenants as a shared sequence would. No two of one process are the same. Those of two processes in one millisecond collide once in
/// 4096 times; the primary key refuses the second, and the caller of this retries with a new one.
/// </summary>
internal sealed class KeyGenerator(TimeProvider clock)
{
    private static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _last;

    public object Next(ColumnContract key) => key.Type switch
    {
        ColumnType.Integer => NextNumber(),
        ColumnType.Uuid => Guid.CreateVersion7(clock.GetUtcNow()),
        ColumnType.Text => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
        _ => throw new InvalidOperationException($"A key of type {key.Type} cannot be generated; the contract is checked against this."),
    };

    private long NextNumber()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = ((long)(clock.GetUtcNow() - Epoch).TotalMilliseconds << 12) | (uint)RandomNumberGenerator.GetInt32(4096);
            // A bulk load makes many in one millisecond: they follow each other at random distances.
            if (next <= last) next = last + RandomNumberGenerator.GetInt32(1, 17);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}
