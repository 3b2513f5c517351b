using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Platform.Local;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

/// <summary>A command that runs one server until the process is told to stop, and says on <c>/health</c> how the server is.</summary>
internal abstract class ServerCommand : Command
{
    /// <summary>
    /// Exit code of a server that cannot run on this machine as asked: starting it again does not help (sysexits' EX_CONFIG).
    /// </summary>
    public const int CannotRun = 78;

    protected ServerCommand(string name, string description) : base(name, description)
    {
        Options.Add(Port);
        Options.Add(HealthPort);
        Options.Add(Data);
        SetAction((result, _) => RunAsync(result));
    }

    protected Option<int> Port { get; } = new("--port") { Description = "Port of the loopback address for clients.", Required = true };

    protected Option<string> Data { get; } = new("--data") { Description = "Folder of this server's own data; made when missing.", Required = true };

    private Option<int> HealthPort { get; } = new("--health-port") { Description = "Port for GET /health: 200 when the server can be used, else 503 with the reason.", Required = true };

    protected abstract INativeServer Create(ParseResult arguments, TextWriter log);

    private async Task<int> RunAsync(ParseResult arguments)
    {
        using var lifetime = new NativeLifetime();
        try
        {
            await using var server = Create(arguments, Console.Out);
            await using var health = LoopbackHttpServer.Start(
                arguments.GetValue(HealthPort), async (_, cancellationToken) => Answer(await server.FindProblemAsync(cancellationToken)));
            await server.StartAsync(lifetime.Stopping);
            await Console.Out.WriteLineAsync($"native: {Name} is ready at 127.0.0.1:{server.Port}".AsMemory(), lifetime.Stopping);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, lifetime.Stopping);
        }
        catch (OperationCanceledException)
        {
            // Told to stop; the server is stopped by now.
        }
        catch (NativeServerException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message.AsMemory(), CancellationToken.None);
            return CannotRun;
        }
        catch (Exception exception) when (exception is ToolFailedException or IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(exception.Message.AsMemory(), CancellationToken.None);
            return 1;
        }

        return 0;
    }

    private LoopbackResponse Answer(string? problem)
    {
        var status = problem is null ? "Healthy" : "Unhealthy";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            json.WriteStartObject("checks");
            json.WriteStartObject(Name);
            json.WriteString("status", status);
            json.WriteString("description", problem);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new LoopbackResponse(problem is null ? 200 : 503, System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
