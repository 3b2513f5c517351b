using System.Diagnostics;
using Platform.Native.Processes;

namespace Platform.Native.Cache;

/// <summary>The installed <c>redis-server</c>, with an append-only file, on the loopback address only.</summary>
/// <param name="folder">Folder of its data; made when missing.</param>
/// <param name="port">Port of the loopback address for clients.</param>
/// <param name="password">Every client must give it.</param>
/// <param name="log">Gets what the server writes, line by line.</param>
/// <param name="memoryMegabytes">Memory for rows; the least recently used leave first.</param>
/// <param name="time">Clock of restarts.</param>
public sealed class RedisCache(
    string folder, int port, string password, TextWriter log, int memoryMegabytes = 128, TimeProvider? time = null) : INativeServer
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _folder = Path.GetFullPath(folder);
    private SupervisedProcess? _process;

    public int Port => port;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var program = ExecutablePath.Find("redis-server")
            ?? throw new NativeServerException("redis-server is not on PATH. Install it, or leave the option out to use the embedded server.");
        Directory.CreateDirectory(_folder);
        _process = new SupervisedProcess(
            new SupervisedProcessOptions { Name = "cache", PrepareAsync = token => PrepareAsync(program, token) }, log, _time);
        _process.Start();
        await Readiness.WaitAsync(this, _process, _time, cancellationToken);
    }

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        _process is null ? "starting" : _process.Problem ?? await RedisProbe.FindProblemAsync(port, password, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }

    private async Task<ProcessStartInfo> PrepareAsync(string program, CancellationToken cancellationToken)
    {
        var configuration = Path.Combine(_folder, "redis.conf");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(configuration, options);
        await writer.WriteAsync($"""
            bind 127.0.0.1
            port {port}
            dir {_folder}
            requirepass {password}
            appendonly yes
            maxmemory {memoryMegabytes}mb
            maxmemory-policy allkeys-lru

            """.AsMemory(), cancellationToken);
        return new ProcessStartInfo(program, [configuration]);
    }
}
