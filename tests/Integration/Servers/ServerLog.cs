using System.Text;

namespace Platform.Integration.Servers;

/// <summary>Keeps what servers write, from any thread: tests look for lines in it, and a start that fails shows it.</summary>
internal sealed class ServerLog : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text) _text.Append(value);
    }

    public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        // A line at a time, so that lines of several servers do not mix.
        lock (_text) _text.Append(buffer).Append('\n');
        return Task.CompletedTask;
    }

    /// <summary>Everything written so far.</summary>
    public override string ToString()
    {
        lock (_text) return _text.ToString();
    }
}
