using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Harness;

/// <summary>The host in the tests' own process, by Aspire.Hosting.Testing.</summary>
internal sealed class TestedHost(IDistributedApplicationTestingBuilder builder, DistributedApplication application) : IRunningHost
{
    private bool _hasStopped;

    public int ProcessId => Environment.ProcessId;

    public bool HasExited => false;

    public string Output => "";

    public static async Task<IRunningHost> StartAsync(string[] arguments, Action<IDistributedApplicationTestingBuilder>? configure)
    {
        var entryPoint = Assembly.Load("AppHost").EntryPoint!.DeclaringType!;
        // Disposing the builder stops what it has built.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            entryPoint, ["--Host:Quiet=true", .. arguments], (options, _) => options.EnableResourceLogging = false);
        // Aspire's dashboard does not run in tests, and a service that stops would wait for an answer from it.
        foreach (var project in builder.Resources.OfType<ProjectResource>()) builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        configure?.Invoke(builder);
        var application = await builder.BuildAsync();
        await application.StartAsync();
        return new TestedHost(builder, application);
    }

    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resource, string command, IReadOnlyList<(string Name, string Value)> arguments)
    {
        var inputs = new InteractionInputCollection([.. arguments.Select(argument => new InteractionInput { Name = argument.Name, InputType = InputType.Text, Value = argument.Value })]);
        return application.ResourceCommands.ExecuteCommandAsync(resource, command, inputs);
    }

    public async Task StopAsync()
    {
        if (_hasStopped) return;
        _hasStopped = true;
        await application.StopAsync();
    }

    public Task KillAsync() => throw new NotSupportedException("Only a host in a process of its own can be killed: use RunningPlatform.StartProcessAsync.");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await application.DisposeAsync();
        await builder.DisposeAsync();
    }
}
