using Garnet;
using Platform.Native.Processes;

namespace Platform.Native.Cache;

/// <summary>
/// Garnet inside this process: the Redis protocol with Lua, on the loopback address only, with an append-only file that is read
/// back at the start.
/// </summary>
/// <param name="folder">Folder of its data; made when missing.</param>
/// <param name="port">Port of the loopback address for clients.</param>
/// <param name="password">Every client must give it.</param>
/// <param name="log">Gets a line about the start.</param>
/// <param name="memoryMegabytes">Memory for rows; the least recently used leave first.</param>
public sealed class GarnetCache(string folder, int port, string password, TextWriter log, int memoryMegabytes = 128) : INativeServer
{
    private readonly string _folder = Path.GetFullPath(folder);
    private GarnetServer? _server;

    public int Port => port;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", port.ToString(), "--auth", "Password", "--password", password,
            "--memory", $"{memoryMegabytes}m", "--page", "1m", "--index", "8m",
            // Garnet has many threads: only as a transaction is a script as undivided as every client of the protocol takes it to be.
            "--lua", "--lua-transaction-mode",
            "--aof", "--aof-memory", "16m", "--aof-page-size", "2m", "--aof-size-limit", "64m", "--recover", "--checkpointdir", _folder,
            // Works where the machine has no libaio.
            "--device-type", "RandomAccess",
            "--minthreads", "2", "--logger-level", "Warning", "--disable-console-logger", "false", "-q",
        ]);
        server.Start();
        _server = server;
        await log.WriteLineAsync($"native: cache: Garnet {server.GetType().Assembly.GetName().Version} with {memoryMegabytes} MB".AsMemory(), cancellationToken);
        await Readiness.WaitAsync(this, process: null, TimeProvider.System, cancellationToken);
    }

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        _server is null ? "starting" : await RedisProbe.FindProblemAsync(port, password, cancellationToken);

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _server, null)?.Dispose(deleteDir: false);
        return ValueTask.CompletedTask;
    }
}
