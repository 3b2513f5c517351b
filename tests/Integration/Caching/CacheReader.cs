using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Caching;
using Platform.Harness;
using Platform.Integration.Servers;
using StackExchange.Redis;

namespace Platform.Integration.Caching;

/// <summary>The cache as one service's process has it: a memory of its own, before the store that all share.</summary>
internal sealed class CacheReader : IAsyncDisposable
{
    /// <summary>The database that rows are of where nothing else is said.</summary>
    public const string Source = "postgres/platform";

    private readonly ConnectionMultiplexer _store;
    private readonly CacheStatistics _statistics = new();
    private readonly MemoryRowsListener _listener;
    private readonly RowCache _cache;

    private CacheReader(ConnectionMultiplexer store)
    {
        _store = store;
        _listener = new(store, TimeProvider.System, NullLogger<MemoryRowsListener>.Instance);
        _cache = new(store, _listener, _statistics);
    }

    /// <summary>True while rows are kept in memory, for their changes are heard of.</summary>
    public bool UsesMemory => _listener.Rows.Listening;

    public (long Memory, long Shared, long Misses) Reads => (_statistics.MemoryHits, _statistics.SharedHits, _statistics.Misses);

    public long RefusedFills => _statistics.RefusedFills;

    /// <summary>Connects as the services do, and returns when rows are kept in memory.</summary>
    public static async Task<CacheReader> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var reader = new CacheReader(await ConnectionMultiplexer.ConnectAsync(connectionString + ",abortConnect=false"));
        await reader._listener.StartAsync(cancellationToken);
        await reader.UsesMemoryAsync(cancellationToken);
        return reader;
    }

    public Task UsesMemoryAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        () => Task.FromResult((UsesMemory, "the memory is not used")), Deadline.Usual, cancellationToken);

    /// <summary>The cached text; null when the reader has to ask Postgres.</summary>
    public async Task<string?> FindAsync(CacheKey key, ulong atLeast = 0, string source = Source) =>
        await _cache.FindAsync(key, source, atLeast, TimeSpan.FromMinutes(1)) is { } row ? Encoding.UTF8.GetString(row.Body.Span) : null;

    /// <summary>The text in this process's memory.</summary>
    public string? Remembered(CacheKey key) => _listener.Rows.Find(key) is { } row ? Encoding.UTF8.GetString(row.Body.Span) : null;

    /// <summary>Keeps what was read under a snapshot, at a position of the log.</summary>
    public Task FillAsync(CacheKey key, string text, ulong xmin = 1000, ulong lsn = 5000, string source = Source) =>
        _cache.FillAsync(key, source, Row(text, xmin, lsn), TimeSpan.FromMinutes(1));

    /// <summary>Puts a row that came from the store into the memory, as a read does that was held up on its way.</summary>
    public void Remember(CacheKey key, string text, ulong xmin) =>
        _listener.Rows.Keep(key, Row(text, xmin, lsn: 5000), TimeSpan.FromMinutes(1), _listener.Rows.Generation);

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(CancellationToken.None);
        _listener.Dispose();
        _statistics.Dispose();
        await _store.DisposeAsync();
    }

    private static CachedRow Row(string text, ulong xmin, ulong lsn) => new(Encoding.UTF8.GetBytes(text), lsn, lsn, xmin);
}
