using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Empties the warehouse and fills it again from the lake, while it is in use. Changes that come meanwhile wait in their topics, and are read from where the
/// warehouse stood. One that fails is tried again until it ends, or at the next start.
/// </summary>
internal sealed class LakeRebuild(WarehouseStore warehouse, LakeStore lake, LakeReplay replay, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<LakeRebuild> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

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
            using var turn = await warehouse.TurnAsync(lifetime.ApplicationStopping);
            if (!TryPrepare(out var files)) return;
            // Nothing else may be applied to a warehouse that is incomplete: it would be lost when that is emptied again.
            while (!TryFill(files)) await Task.Delay(RetryDelay, clock, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The next start does it again.
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private bool TryPrepare(out IReadOnlyList<string> files)
    {
        try
        {
            // From here on the lake has everything that the warehouse has.
            lake.Export();
            files = lake.Files();
            Last = Last! with { Files = files.Count };
            if (lake.Missing(files) is not (> 0 and var missing)) return true;
            Last = Last with { EndedAt = clock.GetUtcNow(), Failure = $"{missing} files of the lake are missing, so nothing was emptied; put them back first." };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DuckDBException)
        {
            Last = Last! with { EndedAt = clock.GetUtcNow(), Failure = $"The lake cannot be written, so nothing was emptied: {exception.Message}" };
            logger.ExportFailed(exception);
            files = [];
        }

        return false;
    }

    private bool TryFill(IReadOnlyList<string> files)
    {
        logger.RebuildBegun(files.Count);
        try
        {
            warehouse.Empty();
            lake.Adopt(files);
            replay.Run(rows => Last = Last! with { Rows = rows });
            warehouse.Founded();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DuckDBException)
        {
            Last = Last! with { Failure = exception.Message };
            logger.RebuildFailed(exception);
            return false;
        }

        Last = Last! with { EndedAt = clock.GetUtcNow(), Failure = null };
        logger.Rebuilt(Last.Rows, (Last.EndedAt - Last.BeganAt)!.Value.TotalMilliseconds);
        return true;
    }
}
