using Microsoft.Extensions.Time.Testing;
using Platform.Local;
using Xunit;

namespace Platform.Unit.AppHost;

public sealed class RestartDelayTests
{
    [Fact]
    public void Delays_double_up_to_half_a_minute_and_begin_again_after_a_run_of_a_minute()
    {
        var time = new FakeTimeProvider();
        var delay = new RestartDelay(time);
        List<double> waits = [];
        for (var i = 0; i < 9; i++)
        {
            delay.Begin();
            time.Advance(TimeSpan.FromSeconds(1));
            waits.Add(delay.Next().TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], waits);
        delay.Begin();
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0.5, delay.Next().TotalSeconds);
    }
}
