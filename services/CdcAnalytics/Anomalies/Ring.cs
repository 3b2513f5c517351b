namespace Platform.CdcAnalytics.Anomalies;

/// <summary>The last values of a kind; older ones make room. Not thread-safe.</summary>
internal sealed class Ring(int capacity)
{
    private readonly double[] _values = new double[capacity];
    private int _next;

    public int Count { get; private set; }

    /// <summary>The values, in no order.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Add(double value)
    {
        _values[_next] = value;
        _next = (_next + 1) % capacity;
        if (Count < capacity) Count++;
    }
}
