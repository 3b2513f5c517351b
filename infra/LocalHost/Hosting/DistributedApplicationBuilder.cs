using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly ProjectOutputs _outputs = ProjectOutputs.Load(AppContext.BaseDirectory);

    public DistributedApplicationBuilder(string[] args)
    {
        Configuration.AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true, reloadOnChange: false);
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine(args);
        Environment = new HostingEnvironment
        {
            ApplicationName = "AppHost",
            EnvironmentName = Configuration["DOTNET_ENVIRONMENT"] ?? Environments.Development,
            ContentRootPath = AppHostDirectory,
            ContentRootFileProvider = new NullFileProvider(),
        };
        Settings = LocalHostSettings.Read(Configuration, AppHostDirectory);
        Parameters = new ParameterStore(Configuration, Settings);
    }

    public ConfigurationManager Configuration { get; } = new();

    public IHostEnvironment Environment { get; }

    public string AppHostDirectory => _outputs.AppHostDirectory;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IList<IResource> Resources { get; } = [];

    internal LocalHostSettings Settings { get; }

    internal ParameterStore Parameters { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(other => other.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}'. Names are unique, whatever the kind.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build() => new([.. Resources], Settings, _outputs, ExecutionContext, Environment);
}
