using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Empties the warehouse and fills it again from the lake, while it is in use. Changes that come meanwhile wait in their topics, and are read from where the
/// warehouse stood. One that does not end is done again at the next start.
/// </summary>
internal sealed class LakeRebuild(WarehouseStore warehouse, LakeStore lake, LakeReplay replay, TimeProvider clock, ILogger<LakeRebuild> logger)
{
    private int _isRunning;

    /// <summary>The one under way, or the last one; null before the first.</summary>
    public RebuildReport? Last { get; private set; }

    /// <summary>Ends when the one under way does.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Begins one; false when one is under way.</summary>
    public bool TryStart()
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) != 0) return false;
        Last = new(clock.GetUtcNow(), null, 0, 0, null);
        Running = Task.Run(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        try
        {
            using var turn = await warehouse.TurnAsync(CancellationToken.None);
            // From here on the lake has everything that the warehouse has.
            lake.Export();
            var files = lake.Files();
            if (lake.Missing(files) is > 0 and var missing)
            {
                Last = Last! with { EndedAt = clock.GetUtcNow(), Files = files.Count, Failure = $"{missing} files of the lake are missing, so nothing was emptied; put them back first." };
                return;
            }

            logger.RebuildBegun(files.Count);
            Last = Last! with { Files = files.Count };
            warehouse.Empty();
            lake.Adopt(files);
            replay.Run(rows => Last = Last! with { Rows = rows });
            warehouse.Founded();
            Last = Last! with { EndedAt = clock.GetUtcNow() };
            logger.Rebuilt(Last.Rows, (Last.EndedAt - Last.BeganAt)!.Value.TotalMilliseconds);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DuckDBException)
        {
            Last = Last! with { EndedAt = clock.GetUtcNow(), Failure = exception.Message };
            logger.RebuildFailed(exception);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }
}
