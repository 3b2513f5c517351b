using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ServiceDefaults.Identity;

namespace Platform.Harness;

/// <summary>The whole platform on a data folder and ports of its own. Disposing it stops it as Ctrl-C does.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    private const int LinesOfALog = 60;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly IRunningHost _host;
    private readonly TemporaryFolder? _ownFolder;
    private readonly HttpClient _health = new() { Timeout = TimeSpan.FromSeconds(5) };

    private RunningPlatform(IRunningHost host, TemporaryFolder? ownFolder, string dataFolder) => (_host, _ownFolder, DataFolder) = (host, ownFolder, dataFolder);

    /// <summary>Where the platform keeps its data.</summary>
    public string DataFolder { get; }

    /// <summary>Process id of the host.</summary>
    public int ProcessId => _host.ProcessId;

    /// <summary>What the host has printed; nothing when it runs in the tests' process.</summary>
    public string Output => _host.Output;

    /// <summary>Starts the platform in the tests' own process and waits until every resource is healthy.</summary>
    /// <param name="dataFolder">Where data is kept; null for a folder that is deleted with this.</param>
    /// <param name="arguments">Arguments for the host besides those that give it its folder, free ports and no demo.</param>
    /// <param name="configure">Changes the topology before it is built; null to leave it as it is.</param>
    public static Task<RunningPlatform> StartAsync(
        string? dataFolder = null, IReadOnlyList<string>? arguments = null, Action<IDistributedApplicationTestingBuilder>? configure = null) =>
        StartAsync(dataFolder, ["--Demo:Enabled=false", .. arguments ?? []], all => TestedHost.StartAsync(all, configure));

    /// <summary>Starts the platform as a user starts it, in a process of its own, and waits until every resource is healthy.</summary>
    /// <param name="dataFolder">Where data is kept; null for a folder that is deleted with this.</param>
    /// <param name="appHost">Another build's host, or null for this build's.</param>
    /// <param name="arguments">Arguments for the host; default: no demo.</param>
    public static Task<RunningPlatform> StartProcessAsync(string? dataFolder = null, string? appHost = null, params string[] arguments) =>
        StartAsync(dataFolder, arguments.Length > 0 ? arguments : ["--no-demo"], all => Task.FromResult<IRunningHost>(HostProcess.Start(appHost ?? RepositoryFolder.AppHost, all)));

    /// <summary>Waits until a resource is healthy, or every one that somebody has started.</summary>
    public async Task WaitUntilHealthyAsync(string? name = null)
    {
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    if (_host.HasExited) throw new InvalidOperationException($"The host ended:\n{Output}");
                    var resources = (await ResourcesAsync()).Where(resource => name is null ? resource.State != "NotStarted" : resource.Name == name).ToList();
                    List<string> waiting = [];
                    foreach (var resource in resources)
                    {
                        if (resource.State != "Healthy") waiting.Add($"{resource.Name}: {resource.State} {resource.Detail}");
                        else if (!await IsHealthyAsync(resource)) waiting.Add($"{resource.Name}: /health does not answer 200");
                    }

                    return (resources.Count > 0 && waiting.Count == 0, string.Join("; ", waiting));
                },
                StartDeadline,
                CancellationToken.None);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{await LogsOfTheUnhealthyAsync()}", exception);
        }
    }

    /// <summary>Every resource that runs a process, as <c>host.json</c> has it.</summary>
    public async Task<IReadOnlyList<Resource>> ResourcesAsync()
    {
        var file = Path.Combine(DataFolder, "host.json");
        if (!File.Exists(file)) return [];
        return JsonSerializer.Deserialize<ResourceList>(await File.ReadAllBytesAsync(file), JsonSerializerOptions.Web)!.Resources;
    }

    /// <summary>One resource as the host sees it.</summary>
    public async Task<Resource> ResourceAsync(string name) => (await ResourcesAsync()).Single(r => r.Name == name);

    /// <summary>The address where clients of a resource connect.</summary>
    public async Task<Uri> AddressAsync(string name) => new((await ResourceAsync(name)).Urls[0]);

    /// <summary>Kills a resource's process as kill -9 does, and returns its process id.</summary>
    public async Task<int> KillAsync(string name)
    {
        var id = (await ResourceAsync(name)).Pid ?? throw new InvalidOperationException($"{name} has no process.");
        using var process = Process.GetProcessById(id);
        process.Kill();
        return id;
    }

    /// <summary>Executes a command of a resource, as somebody in Aspire's dashboard does.</summary>
    /// <param name="resource">Name of the resource.</param>
    /// <param name="command">Name of the command.</param>
    /// <param name="arguments">What a person would fill in.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resource, string command, params (string Name, string Value)[] arguments) =>
        _host.ExecuteCommandAsync(resource, command, arguments);

    /// <summary>The lines of a resource's log file.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(string resource)
    {
        using var file = new StreamReader(new FileStream(Path.Combine(DataFolder, "logs", resource + ".log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return (await file.ReadToEndAsync()).Split('\n');
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

    /// <summary>
    /// Connection string for one of the platform's roles, on a Postgres node or, without one, on whichever is the primary.
    /// </summary>
    public async Task<string> PostgresAsync(string role, string? node = null) => await ConnectionStringAsync($"platform_{role}", $"{role}-password", node);

    /// <summary>Connection string for the superuser, on a Postgres node or, without one, on whichever is the primary.</summary>
    public async Task<string> SuperuserAsync(string? node = null) => await ConnectionStringAsync("postgres", "postgres-password", node);

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
    public Task KillHostAsync() => _host.KillAsync();

    /// <summary>Stops the platform as Ctrl-C does and returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var watch = Stopwatch.StartNew();
        await _host.StopAsync();
        return watch.Elapsed;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _health.Dispose();
        _ownFolder?.Dispose();
    }

    private static async Task<RunningPlatform> StartAsync(string? dataFolder, IReadOnlyList<string> arguments, Func<string[], Task<IRunningHost>> start)
    {
        var ownFolder = dataFolder is null ? new TemporaryFolder() : null;
        dataFolder ??= ownFolder!.FullPath;
        var host = await start([$"--Host:Data={dataFolder}", "--Gateway:Port=0", "--Dashboard:Port=0", .. arguments]);
        var platform = new RunningPlatform(host, ownFolder, dataFolder);
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

    // The host asks a healthy resource rarely; a test waits for what is true now.
    private async Task<bool> IsHealthyAsync(Resource resource)
    {
        // Addresses are reported a moment after the state.
        if (resource.Urls.Count == 0) return false;
        try
        {
            using var answer = await _health.GetAsync(new Uri(new Uri(resource.Urls[^1]), "/health"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>The last lines of every resource that is not healthy: the folder with the rest is deleted with the test.</summary>
    private async Task<string> LogsOfTheUnhealthyAsync()
    {
        var text = new StringBuilder(Output);
        foreach (var resource in (await ResourcesAsync()).Where(r => r.State is not ("Healthy" or "Waiting" or "NotStarted")))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n--- {resource.Name}");
            foreach (var line in (await LogAsync(resource.Name)).TakeLast(LinesOfALog)) text.Append('\n').Append(line);
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

    private async Task<string> ConnectionStringAsync(string user, string password, string? node)
    {
        var nodes = (await ResourcesAsync()).Where(resource => node is null ? resource.Name.StartsWith("postgres", StringComparison.Ordinal) : resource.Name == node);
        return new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', nodes.Select(resource => new Uri(resource.Urls[0]).Authority)), TargetSessionAttributes = node is null ? "primary" : "any", Database = "platform", Username = user, Password = await ParameterAsync(password), Pooling = false,
        }.ConnectionString;
    }

    private async Task<string> ParameterAsync(string name)
    {
        using var parameters = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(DataFolder, "parameters.json")));
        return parameters.RootElement.GetProperty(name).GetString()!;
    }

    /// <summary>A resource of the host.</summary>
    public sealed record Resource(string Name, string? State, string? Detail, int? Pid, int? ExitCode, int Restarts, IReadOnlyList<string> Urls);

    private sealed record ResourceList(IReadOnlyList<Resource> Resources);
}
