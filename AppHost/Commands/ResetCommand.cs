using Microsoft.Extensions.DependencyInjection;
using Platform.AppHost.Hosting;
using Platform.AppHost.Resources;

namespace Platform.AppHost.Commands;

/// <summary>Command of the Postgres primary: the whole platform from zero, without a new host.</summary>
internal static class ResetCommand
{
    public static void AddResetCommand(this IResourceBuilder<IResource> postgres)
    {
        // A volume cannot be deleted while a container has it, even one that has stopped.
        if (postgres.ApplicationBuilder.UsesContainers()) return;
        postgres.WithCommand("reset", "Reset the platform", ResetAsync, new CommandOptions
        {
            Description = "Stops every resource in order, deletes all data, and starts them again.",
            ConfirmationMessage = "All data of all tenants is deleted: databases, cache, topics, warehouse and lake. Do it?",
            IconName = "ArrowReset",
            Progress = new CommandProgressOptions { Message = "Stopping, deleting and starting everything" },
        });
    }

    private static async Task<ExecuteCommandResult> ResetAsync(ExecuteCommandContext context)
    {
        var services = context.Services;
        var (monitor, commands) = (services.GetRequiredService<ResourceMonitor>(), services.GetRequiredService<ResourceCommandService>());
        var running = monitor.States.Where(state => !state.IsNotStarted).Select(state => state.Resource).ToList();
        await services.GetRequiredService<OrderedStop>().StopAllAsync(context.CancellationToken);
        if (monitor.States.Where(state => state.HasProcess).Select(state => state.Name).ToList() is { Count: > 0 } left)
            return CommandResults.Failure($"{string.Join(", ", left)} did not stop, so nothing is deleted. Stop it, then try again.");
        services.GetRequiredService<DataFolder>().DeleteData();
        // Each waits for what it needs, as at the first start.
        await Task.WhenAll(running.Select(resource =>
            commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, context.CancellationToken)));
        await monitor.WaitAsync(all => running.TrueForAll(resource => all.Find(resource) is { IsReady: true }), context.CancellationToken);
        return CommandResults.Success("Everything is new and healthy.");
    }
}
