using System.Diagnostics;
using System.Net;
using Npgsql;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;

namespace Platform.Integration.Native;

/// <summary>A node of a cluster as a process of its own, which can be killed with its server.</summary>
internal sealed class NodeProcess(string name, string folder, bool isFirst) : IAsyncDisposable
{
    private static readonly HttpClient Health = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly int _port = LoopbackPort.Free(), _healthPort = LoopbackPort.Free();
    private readonly StringWriter _log = new();
    private Process? _process;

    public string Name => name;

    public PostgresPeer AsPeer => new(name, _port, folder);

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database=platform;Username=postgres;Password={PlatformServers.Password};Pooling=false;Timeout=3;Command Timeout=5";

    /// <summary>What it has written so far.</summary>
    public string Log
    {
        get { lock (_log) return _log.ToString(); }
    }

    /// <summary>Starts the process, and does not wait.</summary>
    public void Start(IEnumerable<NodeProcess> all)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Native.dll"), "postgres", "--name", name, "--port", $"{_port}", "--health-port", $"{_healthPort}", "--data", folder,
            .. isFirst ? ["--first"] : Array.Empty<string>(),
            .. all.Where(node => node != this).SelectMany(node => new[] { "--peer", $"{node.Name}:{node._port}:{node.AsPeer.Folder}" }),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var role in new[] { "POSTGRES", "PLATFORM_OWNER", "PLATFORM_API", "PLATFORM_READONLY", "PLATFORM_REPLICATION", "PLATFORM_CDC" })
            start.Environment[$"{role}_PASSWORD"] = PlatformServers.Password;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until it can be used in its role.</summary>
    public Task HealthyAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                using var answer = await Health.GetAsync(new Uri($"http://127.0.0.1:{_healthPort}/health"), cancellationToken);
                return (answer.StatusCode == HttpStatusCode.OK, $"{name}: {await answer.Content.ReadAsStringAsync(cancellationToken)}\n{Log}");
            }
            catch (HttpRequestException exception)
            {
                return (false, $"{name}: {exception.Message}\n{Log}");
            }
        },
        Deadline.Usual,
        cancellationToken);

    /// <summary>Stops it as a host does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is null) return;
        Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Kills it with -9; the kernel ends its server.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>One value of a statement; null when the server does not answer or refuses it.</summary>
    public async Task<object?> TryAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until a statement has a value.</summary>
    public Task HasAsync(string sql, object value, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            var found = await TryAsync(sql, cancellationToken);
            return (Equals(found, value), $"{name} has {found ?? "no answer"} for {sql}\n{Log}");
        },
        Deadline.Usual,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _log.DisposeAsync();
    }

    private void Write(string? line)
    {
        lock (_log) _log.WriteLine(line);
    }
}
