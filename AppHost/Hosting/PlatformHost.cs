using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.AppHost.Resources;

namespace Platform.AppHost.Hosting;

/// <summary>Runs a topology with Aspire, and adds what a platform with data on this machine needs beyond it.</summary>
internal static class PlatformHost
{
    /// <summary>
    /// Time for an ordered stop. Aspire's own default of 5 s would end the host while resources are still stopping.
    /// </summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs until Ctrl-C or SIGTERM and returns the exit code. A machine on which it cannot run gets a sentence and exit code 1.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, Action<IDistributedApplicationBuilder, PlatformSecrets> describe)
    {
        var began = TimeProvider.System.GetTimestamp();
        if (AppHostArguments.Parse(args) is not { } arguments) return AppHostArguments.ExitCode;
        try
        {
            var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
            {
                Args = [.. AspireDashboard.Defaults(), .. arguments.Configuration],
                AssemblyName = Assembly.GetExecutingAssembly().GetName().Name,
                // Everything listens on the loopback address, and a machine without a development certificate runs the platform too.
                AllowUnsecuredTransport = true,
                TrustDeveloperCertificate = false,
                DashboardApplicationName = "Platform",
            });
            var folder = builder.ExecutionContext.IsRunMode ? DataFolder.Take(builder) : null;
            if (folder is not null) AddRunMode(builder, folder, began);
            describe(builder, new PlatformSecrets(builder, folder?.Secrets));
            await using var application = builder.Build();
            await application.RunAsync();
            return 0;
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static void AddRunMode(IDistributedApplicationBuilder builder, DataFolder folder, long began)
    {
        // Made by a factory, so that it is given up with the services.
        builder.Services.AddSingleton(_ => folder);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        // A resource that ended is started again, so what waits for it goes on waiting.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);
        // The start report tells how the start goes; what remains is what went wrong.
        builder.Services.AddLogging(logging => logging
            .AddFilter("Aspire.Hosting", LogLevel.Warning)
            // It warns at each start that there is no development certificate.
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));

        builder.Services.AddSingleton<ResourceMonitor>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<StartReport>(services, began));
        builder.Services.AddSingleton<LogFiles>();
        builder.Services.AddSingleton<HostFile>();
        builder.Services.AddSingleton<CrashRestart>();
        builder.Services.AddSingleton<OrderedStop>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderedStop>());
        // Hosted services start when every resource runs; what watches the start begins before.
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            start.Services.GetRequiredService<LogFiles>().Begin();
            start.Services.GetRequiredService<StartReport>().Begin();
            start.Services.GetRequiredService<HostFile>().Begin();
            start.Services.GetRequiredService<CrashRestart>().Begin();
            start.Services.GetRequiredService<ResourceMonitor>().Begin();
            return Task.CompletedTask;
        });
    }
}
