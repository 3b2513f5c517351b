namespace Platform.Benchmarks;

/// <summary>A table of results in Markdown, as docs/performance.md has them.</summary>
internal sealed class ResultTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row) => _rows.Add(row);

    public override string ToString()
    {
        string[][] all = [columns, .. _rows];
        var widths = columns.Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        var rule = "|" + string.Concat(widths.Select(width => " " + new string('-', width) + " |"));
        return string.Join('\n', [Line(columns), rule, .. _rows.Select(Line)]);

        string Line(string[] row) => "|" + string.Concat(row.Select((cell, i) => " " + cell.PadRight(widths[i]) + " |"));
    }
}
