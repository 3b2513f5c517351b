using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Makes the command of a resource, with everything it finds in its environment.</summary>
internal sealed class ProcessCommand(
    ProjectOutputs outputs, DistributedApplicationExecutionContext context, IHostEnvironment environment, Func<string> hostUrl)
{
    public async Task<ProcessStartInfo> CreateAsync(IResource resource, CancellationToken cancellationToken)
    {
        var command = resource switch
        {
            ProjectResource => Project(resource),
            ExecutableResource executable => new ProcessStartInfo(executable.Command) { WorkingDirectory = executable.WorkingDirectory },
            _ => throw new DistributedApplicationException($"'{resource.Name}' needs Aspire and a container runtime; use Infra=native."),
        };

        List<object> arguments = [];
        var collecting = new CommandLineArgsCallbackContext(arguments, resource);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(collecting);
        foreach (var argument in arguments) command.ArgumentList.Add(await TextAsync(argument, cancellationToken) ?? "");

        foreach (var (name, value) in await EnvironmentAsync(resource, cancellationToken)) command.Environment[name] = value;
        return command;
    }

    private ProcessStartInfo Project(IResource resource)
    {
        var path = resource.Annotations.OfType<IProjectMetadata>().Single().ProjectPath;
        var dotnet = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        return new ProcessStartInfo(dotnet, [outputs.Assembly(path)]) { WorkingDirectory = Path.GetDirectoryName(path) };
    }

    private async Task<Dictionary<string, string?>> EnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LOCALHOST_URL"] = hostUrl(),
            ["LOCALHOST_STDIN_GUARD"] = "1",
            ["OTEL_SERVICE_NAME"] = resource.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={resource.Name}",
        };
        if (resource is ProjectResource) AddDotnet(variables, resource);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.EnvironmentVariable is { } name) variables[name] = endpoint.AllocatedPort.ToString();
        }

        var collecting = new EnvironmentCallbackContext(context, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(collecting);
        foreach (var (name, value) in collecting.EnvironmentVariables) variables[name] = await TextAsync(value, cancellationToken);
        return variables;
    }

    private void AddDotnet(Dictionary<string, string?> variables, IResource resource)
    {
        var urls = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http")
            .Select(endpoint => $"http://127.0.0.1:{endpoint.AllocatedPort}");
        variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        variables["ASPNETCORE_ENVIRONMENT"] = variables["DOTNET_ENVIRONMENT"] = environment.EnvironmentName;
        // Many processes share one machine: one heap each, collected by the thread that allocates, and no profile for a code that runs seldom.
        variables["DOTNET_gcServer"] = "0";
        variables["DOTNET_gcConcurrent"] = "0";
        // Hexadecimal: 4 MB of new objects before they are looked through. The default grows with the processor's cache, in each process.
        variables["DOTNET_GCgen0size"] = "400000";
        variables["DOTNET_TieredPGO"] = "0";
    }

    private static async ValueTask<string?> TextAsync(object value, CancellationToken cancellationToken) =>
        value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : value.ToString();
}
