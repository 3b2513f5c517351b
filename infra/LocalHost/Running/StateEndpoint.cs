using System.Text.Json;
using Platform.Loopback;

namespace Aspire.Hosting.Running;

/// <summary>
/// The host's own HTTP endpoint on the loopback address: <c>GET /resources</c> and <c>GET /resources/{name}/logs?tail=200</c>.
/// It shows states and addresses, never an environment or a secret.
/// </summary>
internal sealed class StateEndpoint : IAsyncDisposable
{
    private const int DefaultTail = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly IReadOnlyList<RunningResource> _resources;
    private readonly DateTimeOffset _startedAt;
    private readonly LoopbackHttpServer _server;

    private StateEndpoint(int port, IReadOnlyList<RunningResource> resources, TimeProvider time)
    {
        (_resources, _startedAt) = (resources, time.GetUtcNow());
        _server = LoopbackHttpServer.Start(port, (target, _) => ValueTask.FromResult(Answer(new Uri("http://127.0.0.1" + target))));
    }

    public string Url => $"http://127.0.0.1:{_server.Port}";

    public static StateEndpoint Start(int port, IReadOnlyList<RunningResource> resources, TimeProvider time)
    {
        try
        {
            return new StateEndpoint(port, resources, time);
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            throw new DistributedApplicationException(
                $"Port {port} of the host itself is taken by another program. Choose another: --LocalHost:Port=<port> (0 for any free one).",
                exception);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private LoopbackResponse Answer(Uri address) => address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["resources"] => Ok(new { startedAt = _startedAt, resources = _resources.Select(Describe) }),
        ["resources", var name, "logs"] when Find(name) is { } resource => Ok(new { lines = resource.Log.Tail(TailOf(address)) }),
        _ => new LoopbackResponse(404, """{"error":"there are /resources and /resources/{name}/logs?tail=200"}"""),
    };

    private RunningResource? Find(string name) => _resources.FirstOrDefault(resource => resource.Name == Uri.UnescapeDataString(name));

    private static object Describe(RunningResource resource)
    {
        var status = resource.Status;
        return new
        {
            name = resource.Name,
            kind = resource.Kind,
            state = status.State.ToString(),
            detail = status.Detail,
            pid = resource.ProcessId,
            restarts = resource.Restarts,
            startedAt = resource.StartedAt,
            urls = resource.Urls,
            waitsFor = resource.WaitsFor,
        };
    }

    private static int TailOf(Uri address)
    {
        var tail = address.Query.TrimStart('?').Split('&').Select(part => part.Split('=', 2)).FirstOrDefault(part => part is ["tail", _])?[1];
        return int.TryParse(tail, out var count) && count > 0 ? count : DefaultTail;
    }

    private static LoopbackResponse Ok(object body) => new(200, JsonSerializer.Serialize(body, Json));
}
