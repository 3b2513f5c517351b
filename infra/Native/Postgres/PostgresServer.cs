using System.Diagnostics;
using Npgsql;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>What every server has: one folder, one supervised <c>postgres</c> process, one port.</summary>
public abstract class PostgresServer : INativeServer
{
    private static readonly TimeSpan CheckPatience = TimeSpan.FromSeconds(3), StopPatience = TimeSpan.FromSeconds(6);

    private readonly TextWriter _log;
    private SupervisedProcess? _process;

    private protected PostgresServer(string name, string folder, int port, TextWriter log, TimeProvider time)
    {
        (Name, Port, _log, Time) = (name, port, log, time);
        FolderPath = folder;
    }

    /// <summary>Name of the server, as it calls itself in its process titles.</summary>
    public string Name { get; }

    public int Port { get; }

    /// <summary>Id of the server's main process; null while it does not run.</summary>
    public int? ProcessId => _process?.ProcessId;

    private protected string FolderPath { get; }

    private protected TimeProvider Time { get; }

    private protected PostgresInstallation Installation { get; private set; } = null!;

    private protected PostgresFolder Folder { get; private set; } = null!;

    /// <summary>Npgsql connection string of a role on this server.</summary>
    public string ConnectionString(string role, string password, string database = "platform") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = role, Password = password, Database = database }.ConnectionString;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Installation = await PostgresInstallation.FindAsync(cancellationToken);
        Folder = await PostgresFolder.OpenAsync(FolderPath, cancellationToken);
        await RefuseOtherVersionAsync(cancellationToken);
        await Folder.StopLeftoverAsync(Installation, cancellationToken);
        _process = new SupervisedProcess(
            new SupervisedProcessOptions
            {
                Name = Name,
                PrepareAsync = PrepareAsync,
                Account = Folder.Account,
                // Fast shutdown; immediate shutdown, which recovery makes good.
                CleanStop = Signal.Interrupt,
                HardStop = Signal.Quit,
                DeathSignal = Signal.Quit,
                // A primary sends its replicas what they lack before it ends.
                StopPatience = StopPatience,
            },
            _log,
            Time);
        _process.Start();
        OnStarted();
        await Readiness.WaitAsync(this, _process, Time, cancellationToken);
    }

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (_process is null) return "starting";
        if (_process.Problem is { } problem) return problem;
        if (!Folder.AcceptsConnections()) return "starting: not accepting connections yet";

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(CheckPatience);
        try
        {
            return await FindProblemOfRunningAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {CheckPatience.TotalSeconds} s";
        }
        catch (Exception exception) when (exception is NpgsqlException or ToolFailedException)
        {
            return exception is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword }
                ? $"{exception.Message} (the passwords and the data do not belong together: restore .data/parameters.json, or start with --reset)"
                : exception.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            await OnStoppedAsync();
        }

        await DisposeConnectionsAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task PrepareDataAsync(CancellationToken cancellationToken);

    private protected virtual IEnumerable<string> Settings => [];

    /// <summary>Called once, when the process is being kept running.</summary>
    private protected abstract void OnStarted();

    /// <summary>Called when the server is down because it was told to stop.</summary>
    private protected abstract Task OnStoppedAsync();

    private protected abstract ValueTask<string?> FindProblemOfRunningAsync(CancellationToken cancellationToken);

    private protected abstract ValueTask DisposeConnectionsAsync();

    private protected void Restart() => _process?.Restart();

    private protected Task LogAsync(string message) => _log.WriteLineAsync($"native: {Name}: {message}".AsMemory(), CancellationToken.None);

    private async Task<ProcessStartInfo> PrepareAsync(CancellationToken cancellationToken)
    {
        await PrepareDataAsync(cancellationToken);
        string[] settings =
        [
            $"config_file={Folder.Configuration}", $"hba_file={Folder.Access}", "listen_addresses=127.0.0.1", $"port={Port}",
            "unix_socket_directories=", $"cluster_name={Name}", .. Settings,
        ];
        return Installation.Command("postgres", ["-D", Folder.Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
    }

    private async Task RefuseOtherVersionAsync(CancellationToken cancellationToken)
    {
        if (!Folder.HasData) return;
        var version = (await File.ReadAllTextAsync(Path.Combine(Folder.Data, "PG_VERSION"), cancellationToken)).Trim();
        if (version != Installation.Version.ToString())
        {
            throw new NativeServerException(
                $"The data in {Folder.Data} was made by Postgres {version}, and {Installation.Folder} has {Installation.Version}. " +
                $"Name a Postgres {version} in POSTGRES_BIN, or start from zero with --reset.");
        }
    }
}
