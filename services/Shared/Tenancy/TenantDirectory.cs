using System.Net.Http.Json;

namespace Platform.Tenancy;

/// <summary>
/// The tenant directory as this process knows it: a copy of the schema service's, kept current by
/// <see cref="TenantDirectoryFollower"/>, read without a lock or a round trip.
/// </summary>
public sealed class TenantDirectory(IHttpClientFactory clients, TimeProvider clock) : IDisposable
{
    internal const string ClientName = "tenant-directory";

    // A tenant that was created a moment ago is asked for once; requests for one that does not exist cannot flood the schema service.
    private static readonly TimeSpan ShortestRefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private TenantDirectorySnapshot _snapshot = TenantDirectorySnapshot.Empty;
    private long _lastRefresh;

    /// <summary>The newest known version.</summary>
    public TenantDirectorySnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The tenant of that id; an unknown one is asked for at the schema service before null is answered.</summary>
    public ValueTask<TenantPlacement?> FindAsync(string id, CancellationToken cancellationToken) =>
        Snapshot.Find(id) is { } known ? new(known) : new(RefreshAndFindAsync(id, cancellationToken));

    /// <inheritdoc />
    public void Dispose() => _refreshing.Dispose();

    /// <summary>Waits at the schema service for a version after the known one, and takes it over.</summary>
    internal Task FollowAsync(CancellationToken cancellationToken) => FetchAsync(Snapshot.Version, cancellationToken);

    private async Task<TenantPlacement?> RefreshAndFindAsync(string id, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (Snapshot.Find(id) is { } known) return known;
            if (_lastRefresh == 0 || clock.GetElapsedTime(_lastRefresh) > ShortestRefreshInterval)
            {
                await FetchAsync(after: -1, cancellationToken);
                _lastRefresh = clock.GetTimestamp();
            }

            return Snapshot.Find(id);
        }
        catch (HttpRequestException)
        {
            // The follower reports an unreachable directory; until it is back, what is known stays valid.
            return null;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task FetchAsync(long after, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        var fetched = await client.GetFromJsonAsync<TenantDirectorySnapshot>($"/directory?after={after}", cancellationToken);
        if (fetched is null) return;

        // Two fetches may answer in either order; only a newer version replaces a known one.
        TenantDirectorySnapshot known;
        do
        {
            known = Snapshot;
            if (fetched.Version <= known.Version) return;
        }
        while (Interlocked.CompareExchange(ref _snapshot, fetched, known) != known);
    }
}
