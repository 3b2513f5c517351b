using System.Globalization;

namespace Platform.Benchmarks;

/// <summary>Percentiles of measured times.</summary>
internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> milliseconds)
    {
        _sorted = [.. milliseconds];
        Array.Sort(_sorted);
    }

    public string this[double fraction] => _sorted[(int)(fraction * (_sorted.Length - 1))].ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
