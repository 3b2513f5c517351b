using System.Diagnostics.Metrics;

namespace Platform.Harness;

/// <summary>Makes meters that nobody collects.</summary>
public sealed class UncollectedMeters : IMeterFactory
{
    /// <inheritdoc />
    public Meter Create(MeterOptions options) => new(options);

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
