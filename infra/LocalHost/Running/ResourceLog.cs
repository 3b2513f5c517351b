namespace Aspire.Hosting.Running;

/// <summary>
/// What a resource writes: the last lines in memory, all of them in a file of bounded size. The file of the run before is kept as
/// <c>name.1.log</c>. Secrets are blotted out before a line goes anywhere.
/// </summary>
internal sealed class ResourceLog : IDisposable
{
    private const int KeptLines = 1000;
    private const long LargestFile = 10 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new(KeptLines);
    private readonly string _path;
    private readonly Func<string, string> _blot;
    private readonly TimeProvider _time;
    private StreamWriter _file;
    private Action<LogLine>? _listeners;

    public ResourceLog(string folder, string name, Func<string, string> blot, TimeProvider time)
    {
        _path = Path.Combine(folder, name + ".log");
        (_blot, _time) = (blot, time);
        _file = Rotate();
    }

    /// <summary>Tells <paramref name="listener"/> every line from now on.</summary>
    public void Subscribe(Action<LogLine> listener) => _listeners += listener;

    public void Write(string stream, string text)
    {
        var line = new LogLine(_time.GetUtcNow(), stream, _blot(text));
        lock (_gate)
        {
            if (_lines.Count == KeptLines) _lines.Dequeue();
            _lines.Enqueue(line);
            if (_file.BaseStream.Length > LargestFile)
            {
                _file.Dispose();
                _file = Rotate();
            }

            _file.WriteLine($"{line.At:O} {line.Stream} {line.Text}");
        }

        _listeners?.Invoke(line);
    }

    /// <summary>The last <paramref name="count"/> lines, oldest first.</summary>
    public IReadOnlyList<LogLine> Tail(int count)
    {
        lock (_gate) return [.. _lines.TakeLast(count)];
    }

    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    private StreamWriter Rotate()
    {
        if (File.Exists(_path)) File.Move(_path, Path.ChangeExtension(_path, ".1.log"), overwrite: true);
        return new StreamWriter(new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }
}
