using Platform.CdcAnalytics.Alerts;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class AlertBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertRule Rule = new() { Series = "requests.errors", Above = 10, For = TimeSpan.FromSeconds(60), Labels = { ["team"] = "edge" } };

    private readonly AlertBook _book = new(resolvedRetention: TimeSpan.FromMinutes(10));

    [Fact]
    public void A_condition_must_be_true_for_as_long_as_the_rule_asks_before_it_fires()
    {
        Assert.Equal(AlertState.Pending, Assert.Single(Enter(0, isTrue: true)).State);
        Assert.Empty(Enter(59, isTrue: true));
        var fires = Assert.Single(Enter(60, isTrue: true));
        Assert.Equal((AlertState.Firing, Noon, Noon.AddSeconds(60)), (fires.State, fires.Since, fires.FiredAt));
        Assert.Empty(Enter(120, isTrue: true));
        Assert.Equal(Noon.AddSeconds(60), Assert.Single(_book.Alerts).FiredAt);
    }

    [Fact]
    public void A_break_begins_the_waiting_again_and_leaves_nothing_behind()
    {
        Enter(0, isTrue: true);
        Enter(50, isTrue: false);
        Assert.Empty(_book.Alerts);
        Enter(55, isTrue: true);
        Enter(70, isTrue: true);
        Assert.Equal(AlertState.Pending, Assert.Single(_book.Alerts).State);
    }

    [Fact]
    public void Without_a_duration_it_fires_at_once() =>
        Assert.Equal(AlertState.Firing, Assert.Single(_book.Enter("now", new() { Series = "x", Above = 1 }, [new(null, true, 2, "")], Noon)).State);

    [Fact]
    public void One_that_fired_is_resolved_when_the_condition_ends_or_has_no_value_and_is_forgotten_after_a_while()
    {
        Enter(0, isTrue: true);
        Enter(60, isTrue: true);
        Assert.Equal(AlertState.Resolved, Assert.Single(_book.Enter("errors", Rule, [], At(70))).State);
        Enter(600, isTrue: false);
        Assert.Single(_book.Alerts);
        Enter(670, isTrue: false);
        Assert.Empty(_book.Alerts);
    }

    [Fact]
    public void One_that_comes_back_waits_again_and_the_receiver_is_still_known_to_have_been_told()
    {
        Enter(0, isTrue: true);
        Enter(60, isTrue: true);
        _book.NoteTold("webhook", _book.Alerts, At(61));
        Enter(70, isTrue: false);
        Enter(80, isTrue: true);
        var alert = Assert.Single(_book.Alerts);
        Assert.Equal((AlertState.Pending, AlertState.Firing), (alert.State, alert.Told["webhook"].State));
        // It must not vanish untold: the receiver believes that it fires.
        Assert.Equal(AlertState.Resolved, Assert.Single(Enter(90, isTrue: false)).State);
    }

    [Fact]
    public void Each_tenant_has_its_own_alert()
    {
        var changed = _book.Enter("errors", Rule, [new("jane", true, 11, ""), new("steve", false, 1, ""), new("margaret", true, 12, "")], Noon);
        Assert.Equal(["errors/jane", "errors/margaret"], changed.Select(alert => alert.Id));
    }

    [Fact]
    public void A_silence_covers_what_it_names_until_it_ends()
    {
        var alert = Assert.Single(_book.Enter("errors", Rule, [new("jane", true, 11, "")], Noon));
        Assert.True(Of(rule: "errors").Covers(alert, Noon));
        Assert.True(Of(tenant: "jane").Covers(alert, Noon));
        Assert.True(Of(label: "edge").Covers(alert, Noon));
        Assert.False(Of(rule: "other").Covers(alert, Noon));
        Assert.False(Of(tenant: "steve").Covers(alert, Noon));
        Assert.False(Of(label: "sales").Covers(alert, Noon));
        Assert.False(Of(rule: "errors").Covers(alert, At(60)));
        _book.Add(Of(rule: "errors"));
        Assert.Single(_book.Silences(At(59)));
        Assert.Empty(_book.Silences(At(60)));
    }

    [Fact]
    public void Alerts_of_rules_that_are_gone_are_forgotten_at_the_next_start()
    {
        Enter(0, isTrue: true);
        var next = new AlertBook(TimeSpan.Zero);
        next.Restore(_book.Alerts, [], new Dictionary<string, AlertRule> { ["other"] = Rule });
        Assert.Empty(next.Alerts);
        next.Restore(_book.Alerts, [], new Dictionary<string, AlertRule> { ["errors"] = Rule });
        Assert.Equal(Noon, Assert.Single(next.Alerts).Since);
    }

    private static DateTimeOffset At(double seconds) => Noon.AddSeconds(seconds);

    private static Silence Of(string? rule = null, string? tenant = null, string? label = null) => new(
        Guid.NewGuid(), rule, tenant, label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["team"] = label }, At(60), "a test", "a test");

    private IReadOnlyList<Alert> Enter(double seconds, bool isTrue) => _book.Enter("errors", Rule, [new(null, isTrue, 11, "requests.errors is 11")], At(seconds));
}
