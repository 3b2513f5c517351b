using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ServiceDefaults.Identity;

namespace Platform.Harness;

/// <summary>
/// The whole platform, started as a user starts it, on a data folder and ports of its own. Disposing it stops it as Ctrl-C does.
/// </summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    private const int LinesOfALog = 60;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3), StopDeadline = TimeSpan.FromSeconds(20);

    private readonly Process _host;
    private readonly TemporaryFolder? _ownFolder;
    private readonly HttpClient _localHost;
    private readonly StringWriter _output = new();

    private RunningPlatform(Process host, TemporaryFolder? ownFolder, string dataFolder, int port)
    {
        _host = host;
        _ownFolder = ownFolder;
        DataFolder = dataFolder;
        _localHost = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        host.OutputDataReceived += (_, line) => Write(line.Data);
        host.ErrorDataReceived += (_, line) => Write(line.Data);
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
    }

    /// <summary>Where the platform keeps its data.</summary>
    public string DataFolder { get; }

    /// <summary>The host's process id.</summary>
    public int ProcessId => _host.Id;

    /// <summary>What the host has printed.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Starts the platform and waits until every resource is healthy.</summary>
    /// <param name="dataFolder">Where data is kept; null for a folder that goes with this.</param>
    /// <param name="environment">Variables for the host, besides the ones it inherits.</param>
    /// <param name="appHost">Another build's host, or null for this build's.</param>
    /// <param name="arguments">Arguments for the host; default: no demo.</param>
    public static async Task<RunningPlatform> StartAsync(
        string? dataFolder = null, IReadOnlyDictionary<string, string?>? environment = null, string? appHost = null, params string[] arguments)
    {
        var ownFolder = dataFolder is null ? new TemporaryFolder() : null;
        dataFolder ??= ownFolder!.FullPath;
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = RepositoryFolder.Root, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] all =
        [
            appHost ?? RepositoryFolder.AppHost, "--data", dataFolder, $"--LocalHost:Port={port}", "--Gateway:Port=0", "--Dashboard:Port=0",
            .. arguments.Length > 0 ? arguments : ["--no-demo"],
        ];
        foreach (var argument in all) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var platform = new RunningPlatform(Process.Start(start)!, ownFolder, dataFolder, port);
        try
        {
            await platform.WaitUntilHealthyAsync();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every resource is healthy.</summary>
    public async Task WaitUntilHealthyAsync()
    {
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    if (_host.HasExited) throw new InvalidOperationException($"The host ended with {_host.ExitCode}:\n{Output}");
                    try
                    {
                        var resources = await ResourcesAsync();
                        var waiting = resources.Where(r => r.State != "Healthy").Select(r => $"{r.Name}: {r.State} {r.Detail}").ToList();
                        return (resources.Count > 0 && waiting.Count == 0, string.Join("; ", waiting));
                    }
                    catch (HttpRequestException exception)
                    {
                        return (false, exception.Message + "\n" + Output);
                    }
                },
                StartDeadline,
                CancellationToken.None);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{await LogsOfTheUnhealthyAsync()}", exception);
        }
    }

    /// <summary>Every resource but parameters, as the host sees it.</summary>
    public async Task<IReadOnlyList<Resource>> ResourcesAsync()
    {
        var answer = await _localHost.GetFromJsonAsync<ResourceList>("/resources");
        return [.. answer!.Resources.Where(r => r.Kind != "parameter")];
    }

    /// <summary>One resource as the host sees it.</summary>
    public async Task<Resource> ResourceAsync(string name) => (await ResourcesAsync()).Single(r => r.Name == name);

    /// <summary>The address of a resource's only endpoint.</summary>
    public async Task<Uri> AddressAsync(string name) => new((await ResourceAsync(name)).Urls[0]);

    /// <summary>Kills a resource's process as kill -9 does, and returns its process id.</summary>
    public async Task<int> KillAsync(string name)
    {
        var id = (await ResourceAsync(name)).Pid ?? throw new InvalidOperationException($"{name} has no process.");
        using var process = Process.GetProcessById(id);
        process.Kill();
        return id;
    }

    /// <summary>A client of the gateway with the operator's token.</summary>
    public async Task<HttpClient> OperatorAsync() => await ClientAsync(new { role = "operator" });

    /// <summary>A client of the gateway with a tenant's token.</summary>
    public async Task<HttpClient> TenantAsync(string tenant) => await ClientAsync(new { tenant });

    /// <summary>Creates a tenant.</summary>
    public async Task CreateTenantAsync(string tenant)
    {
        using var client = await OperatorAsync();
        using var answer = await client.PostAsJsonAsync("/tenants", new { id = tenant, name = $"{tenant} Ltd" });
        if (answer.StatusCode != HttpStatusCode.Conflict) await answer.RequireSuccessAsync();
    }

    /// <summary>Loads one entity of a tenant through the API.</summary>
    public static async Task LoadAsync(HttpClient tenant, string entity, ShopFile file)
    {
        using var content = new StringContent(file.Rows, MediaTypeHeaderValue.Parse(file.ContentType));
        using var answer = await tenant.PostAsync($"/data/{entity}/bulk", content);
        await answer.RequireSuccessAsync();
    }

    /// <summary>Connection string of a Postgres node for one of the platform's roles.</summary>
    public async Task<string> PostgresAsync(string role, string node = "postgres") => await ConnectionStringAsync($"platform_{role}", $"{role}-password", node);

    /// <summary>Connection string of the primary for the superuser.</summary>
    public async Task<string> SuperuserAsync() => await ConnectionStringAsync("postgres", "postgres-password", "postgres");

    /// <summary>The identity that the gateway would show to a service for a tenant's caller.</summary>
    public async Task<string> InternalIdentityAsync(string tenant) =>
        new InternalIdentity(Options.Create(new IdentityOptions { Key = await ParameterAsync("identity-key") }), TimeProvider.System)
            .Sign("test", Policies.Tenant, tenant);

    /// <summary>Runs one statement on the primary for a tenant, as somebody at psql would.</summary>
    public async Task<int> ExecuteAsync(string tenant, string sql)
    {
        await using var connection = new NpgsqlConnection(await PostgresAsync("api"));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand("SELECT set_config('app.tenant_id', $1, true)", connection, transaction))
        {
            set.Parameters.Add(new NpgsqlParameter { Value = tenant });
            await set.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection, transaction);
        var rows = await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return rows;
    }

    /// <summary>Kills the host as kill -9 does; what it started must not stay behind.</summary>
    public async Task KillHostAsync()
    {
        _host.Kill();
        await _host.WaitForExitAsync();
    }

    /// <summary>Stops the platform as Ctrl-C does and returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(StopDeadline);
        Process.Start("kill", ["-INT", _host.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        await _host.WaitForExitAsync(patience.Token);
        return watch.Elapsed;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_host.HasExited) await StopAsync();
        }
        catch (OperationCanceledException)
        {
            _host.Kill(entireProcessTree: true);
        }

        _localHost.Dispose();
        _host.Dispose();
        _ownFolder?.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The last lines of every resource that runs but is not healthy: the folder with the rest goes with the test.</summary>
    private async Task<string> LogsOfTheUnhealthyAsync()
    {
        var text = new StringBuilder(Output);
        foreach (var resource in (await ResourcesAsync()).Where(r => r.State is not ("Healthy" or "Waiting")))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n--- {resource.Name}");
            var log = await _localHost.GetFromJsonAsync<JsonElement>($"/resources/{resource.Name}/logs?tail={LinesOfALog}");
            foreach (var line in log.GetProperty("lines").EnumerateArray()) text.Append('\n').Append(line.GetProperty("text").GetString());
        }

        return text.ToString();
    }

    private async Task<HttpClient> ClientAsync(object request)
    {
        var client = new HttpClient { BaseAddress = await AddressAsync("gateway"), Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await client.PostAsJsonAsync("/dev/token", request);
        await answer.RequireSuccessAsync();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        return client;
    }

    private async Task<string> ConnectionStringAsync(string user, string password, string node)
    {
        var address = await AddressAsync(node);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host, Port = address.Port, Database = "platform", Username = user, Password = await ParameterAsync(password), Pooling = false,
        }.ConnectionString;
    }

    private async Task<string> ParameterAsync(string name)
    {
        using var parameters = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(DataFolder, "parameters.json")));
        return parameters.RootElement.GetProperty(name).GetString()!;
    }

    private void Write(string? line)
    {
        lock (_output) _output.WriteLine(line);
    }

    /// <summary>A resource of the host.</summary>
    public sealed record Resource(string Name, string Kind, string State, string? Detail, int? Pid, int Restarts, IReadOnlyList<string> Urls);

    private sealed record ResourceList(IReadOnlyList<Resource> Resources);
}
