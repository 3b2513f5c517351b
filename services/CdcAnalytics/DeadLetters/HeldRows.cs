namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>
/// The rows of which an event is parked: what comes later for them is parked behind it, so that they are never changed out of order. Used by
/// whoever has the warehouse's turn to write.
/// </summary>
internal sealed class HeldRows
{
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);

    public void Hold(string? row)
    {
        if (row is not null) _rows.Add(row);
    }

    public void Release(string? row)
    {
        if (row is not null) _rows.Remove(row);
    }

    public bool Holds(string topic, byte[]? key) => _rows.Count > 0 && DeadLetter.RowOf(topic, key) is { } row && _rows.Contains(row);

    /// <summary>Begins again with these rows.</summary>
    public void Reset(IEnumerable<string?> rows)
    {
        _rows.Clear();
        foreach (var row in rows) Hold(row);
    }
}
