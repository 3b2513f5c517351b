using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>
/// Runs <c>bootstrap.sql</c> once in a primary's process: database, roles and publication. Running it again changes nothing.
/// </summary>
internal sealed class PostgresBootstrap(int port, PostgresPasswords passwords) : IDisposable
{
    private readonly SemaphoreSlim _running = new(1);
    private volatile bool _isDone;

    /// <exception cref="ToolFailedException">psql says that it failed.</exception>
    public async Task EnsureAsync(PostgresInstallation postgres, CancellationToken cancellationToken)
    {
        if (_isDone) return;
        await _running.WaitAsync(cancellationToken);
        try
        {
            if (!_isDone) await RunAsync(postgres, cancellationToken);
            _isDone = true;
        }
        finally
        {
            _running.Release();
        }
    }

    public void Dispose() => _running.Dispose();

    private Task<string> RunAsync(PostgresInstallation postgres, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "postgres", "bootstrap.sql");
        var psql = postgres.Command("psql", "--no-psqlrc", "--no-password", $"--file={script}");
        (string Name, string Value)[] environment =
        [
            ("PGHOST", "127.0.0.1"), ("PGPORT", port.ToString()), ("PGUSER", "postgres"), ("PGDATABASE", "postgres"), ("PGPASSWORD", passwords.Superuser),
            ("PLATFORM_OWNER_PASSWORD", passwords.Owner), ("PLATFORM_API_PASSWORD", passwords.Api), ("PLATFORM_READONLY_PASSWORD", passwords.Readonly),
            ("PLATFORM_REPLICATION_PASSWORD", passwords.Replication), ("PLATFORM_CDC_PASSWORD", passwords.Cdc),
        ];
        foreach (var (name, value) in environment) psql.Environment[name] = value;
        return Tool.RunAsync(psql, account: null, cancellationToken);
    }
}
