namespace Platform.AppHost.Hosting;

/// <summary>
/// A log file of bounded size. The part before the current one, and the file of the run before, is kept as <c>name.1.log</c>.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const long LargestFile = 10 * 1024 * 1024;

    private readonly string _path;
    private StreamWriter _file;

    public LogFile(string folder, string name)
    {
        _path = Path.Combine(folder, name + ".log");
        _file = Rotate();
    }

    public void Write(string line)
    {
        if (_file.BaseStream.Length > LargestFile)
        {
            _file.Dispose();
            _file = Rotate();
        }

        _file.WriteLine(line);
    }

    public void Dispose() => _file.Dispose();

    private StreamWriter Rotate()
    {
        if (File.Exists(_path)) File.Move(_path, Path.ChangeExtension(_path, ".1.log"), overwrite: true);
        return new StreamWriter(new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete)) { AutoFlush = true };
    }
}
