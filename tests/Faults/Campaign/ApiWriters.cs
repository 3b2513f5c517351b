using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Platform.Harness;

namespace Platform.Faults.Campaign;

/// <summary>Writers that create customers through the gateway, one after the other, and remember what was acknowledged. Each name is sent once, whatever the answer is.</summary>
internal sealed class ApiWriters
{
    private const int Writers = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly Lock _gate = new();
    private int _sent;
    private int _refused;
    private long _last;
    private TimeSpan _longest;

    /// <summary>Names whose creation was answered with success.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Writes without such an answer since <see cref="BeginMeasuring"/>.</summary>
    public int Refused => _refused;

    /// <summary>The longest time between two acknowledged writes since <see cref="BeginMeasuring"/>.</summary>
    public TimeSpan LongestPause
    {
        get { lock (_gate) return _longest; }
    }

    /// <summary>Forgets what was measured before.</summary>
    public void BeginMeasuring()
    {
        lock (_gate) (_longest, _last, _refused) = (TimeSpan.Zero, Stopwatch.GetTimestamp(), 0);
    }

    /// <summary>Writes until cancelled.</summary>
    public Task RunAsync(HttpClient tenant, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync(tenant, cancellationToken)));

    /// <summary>Waits until so many more are acknowledged.</summary>
    public Task AcknowledgedAsync(int more, CancellationToken cancellationToken)
    {
        var wanted = _acknowledged.Count + more;
        return Eventually.HoldsAsync(() => Task.FromResult((_acknowledged.Count >= wanted, $"{_acknowledged.Count} acknowledged, {_refused} refused")), Patience, cancellationToken);
    }

    private async Task WriteAsync(HttpClient tenant, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var name = $"n{Interlocked.Increment(ref _sent):D6}";
            if (await TryCreateAsync(tenant, name))
            {
                _acknowledged.Enqueue(name);
                lock (_gate)
                {
                    var now = Stopwatch.GetTimestamp();
                    if (_last > 0 && Stopwatch.GetElapsedTime(_last, now) is var pause && pause > _longest) _longest = pause;
                    _last = now;
                }
            }
            else
            {
                Interlocked.Increment(ref _refused);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Not cancelled with the writer: an answer that nobody waits for tells nothing.
    private static async Task<bool> TryCreateAsync(HttpClient tenant, string name)
    {
        try
        {
            using var answer = await tenant.PostAsJsonAsync(
                "/data/customers", new { first_name = name, last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" }, CancellationToken.None);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
