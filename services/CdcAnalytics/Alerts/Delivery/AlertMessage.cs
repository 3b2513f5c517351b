namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>Alerts that are told together.</summary>
/// <param name="Id">The same whenever this message is sent again: who has it already may leave the repetition.</param>
/// <param name="SentAt">When it was made.</param>
/// <param name="Alerts">The alerts, the most severe first.</param>
internal sealed record AlertMessage(Guid Id, DateTimeOffset SentAt, IReadOnlyList<Alert> Alerts)
{
    /// <summary>What it is about, in a line.</summary>
    public string Subject
    {
        get
        {
            var firing = Alerts.Count(alert => alert.State == AlertState.Firing);
            var counts = (firing, Alerts.Count - firing) switch
            {
                (var some, 0) => $"{some} firing",
                (0, var some) => $"{some} resolved",
                var (some, others) => $"{some} firing, {others} resolved",
            };
            return $"[platform] {counts}: {string.Join(", ", Alerts.Select(alert => alert.Id).Take(3))}{(Alerts.Count > 3 ? ", …" : "")}";
        }
    }
}
