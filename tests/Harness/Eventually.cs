using System.Diagnostics;

namespace Platform.Harness;

/// <summary>Waits for conditions, never for time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits until the condition holds; fails with the last description of what was seen when it does not in time.</summary>
    public static async Task HoldsAsync(
        Func<Task<(bool Holds, string Seen)>> condition, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var (holds, seen) = await condition();
            if (holds) return;
            if (watch.Elapsed > deadline) throw new TimeoutException($"Did not come to hold within {deadline}. Last seen: {seen}");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
