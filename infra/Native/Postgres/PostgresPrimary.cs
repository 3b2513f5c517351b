using Npgsql;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>
/// The primary of a cluster. It is ready when it accepts connections and <c>bootstrap.sql</c> has made database, roles, publication and
/// capture slot.
/// </summary>
public sealed class PostgresPrimary : PostgresServer
{
    private readonly PostgresPasswords _passwords;
    private readonly NpgsqlDataSource _checks;
    private readonly SemaphoreSlim _bootstrapping = new(1);
    private volatile bool _bootstrapped;

    /// <summary>A primary that is not started yet.</summary>
    /// <param name="folder">Its own folder; made when missing.</param>
    /// <param name="port">Port of the loopback address to listen on.</param>
    /// <param name="passwords">Of its roles; the same as when the data was made.</param>
    /// <param name="log">Gets what the server writes, line by line, from several threads.</param>
    /// <param name="name">Name of the cluster.</param>
    /// <param name="time">Clock of restarts.</param>
    public PostgresPrimary(
        string folder, int port, PostgresPasswords passwords, TextWriter log, string name = "postgres", TimeProvider? time = null)
        : base(name, folder, port, log, time ?? TimeProvider.System)
    {
        _passwords = passwords;
        _checks = NpgsqlDataSource.Create(ConnectionString("postgres", passwords.Superuser, "postgres") + ";Maximum Pool Size=1;Application Name=native-health");
    }

    /// <summary>Connection string of <c>platform_owner</c>.</summary>
    public string OwnerConnectionString => ConnectionString("platform_owner", _passwords.Owner);

    /// <summary>Connection string of <c>platform_api</c>.</summary>
    public string ApiConnectionString => ConnectionString("platform_api", _passwords.Api);

    /// <summary>Connection string of <c>platform_readonly</c>.</summary>
    public string ReadonlyConnectionString => ConnectionString("platform_readonly", _passwords.Readonly);

    /// <summary>Connection string of <c>platform_cdc</c>.</summary>
    public string CdcConnectionString => ConnectionString("platform_cdc", _passwords.Cdc);

    /// <summary>Connection string of the superuser.</summary>
    public string SuperuserConnectionString => ConnectionString("postgres", _passwords.Superuser);

    private protected override async Task PrepareDataAsync(CancellationToken cancellationToken)
    {
        if (Folder.HasData) return;

        await LogAsync($"making a new cluster with Postgres {Installation.Version} in {Folder.Data}");
        var passwordFile = await Folder.WriteSecretAsync(".superuser", _passwords.Superuser, cancellationToken);
        try
        {
            await Folder.CreateDataAsync(data => Tool.RunAsync(
                Installation.Command(
                    "initdb", "--username=postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8",
                    "--lc-collate=C", $"--lc-ctype={CharacterClasses}", "--data-checksums", "-D", data),
                Folder.Account, cancellationToken));
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private protected override async ValueTask<string?> FindProblemOfRunningAsync(CancellationToken cancellationToken)
    {
        await using var command = _checks.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellationToken);
        if (_bootstrapped) return null;

        await _bootstrapping.WaitAsync(cancellationToken);
        try
        {
            if (!_bootstrapped) await BootstrapAsync(cancellationToken);
            _bootstrapped = true;
            return null;
        }
        finally
        {
            _bootstrapping.Release();
        }
    }

    private protected override ValueTask DisposeConnectionsAsync()
    {
        _bootstrapping.Dispose();
        return _checks.DisposeAsync();
    }

    // Text sorts by code point everywhere, so that a key's order does not depend on a library's version; letters are Unicode's.
    private static string CharacterClasses => OperatingSystem.IsWindows() ? "C" : OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8";

    private Task<string> BootstrapAsync(CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "postgres", "bootstrap.sql");
        var psql = Installation.Command("psql", "--no-psqlrc", "--no-password", $"--file={script}");
        (string Name, string Value)[] environment =
        [
            ("PGHOST", "127.0.0.1"), ("PGPORT", Port.ToString()), ("PGUSER", "postgres"), ("PGDATABASE", "postgres"), ("PGPASSWORD", _passwords.Superuser),
            ("PLATFORM_OWNER_PASSWORD", _passwords.Owner), ("PLATFORM_API_PASSWORD", _passwords.Api), ("PLATFORM_READONLY_PASSWORD", _passwords.Readonly),
            ("PLATFORM_REPLICATION_PASSWORD", _passwords.Replication), ("PLATFORM_CDC_PASSWORD", _passwords.Cdc),
        ];
        foreach (var (name, value) in environment) psql.Environment[name] = value;
        return Tool.RunAsync(psql, account: null, cancellationToken);
    }
}
