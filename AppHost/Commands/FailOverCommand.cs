using Microsoft.Extensions.DependencyInjection;
using Platform.AppHost.Resources;

namespace Platform.AppHost.Commands;

/// <summary>
/// The command <c>fail-over</c> of a Postgres primary: a replica takes its place, and it becomes a replica. Only native servers have it;
/// what runs containers elsewhere has an operator of its own for that.
/// </summary>
internal static class FailOverCommand
{
    private const string Name = "fail-over", Replica = "replica";

    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Adds the command to every node that can be the primary; it is shown on the one that is.</summary>
    public static void AddFailOver(this IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources.OfType<ProjectResource>().ToList())
        {
            if (resource.Annotations.OfType<PostgresClusterAnnotation>().FirstOrDefault() is not { } cluster) continue;
            var nodes = cluster.Nodes.Select(node => new FailOverNode(node, builder.DataPath(node.Name))).ToList();
            var primary = nodes.Single(node => node.Name == resource.Name);
            builder.CreateResourceBuilder(resource).WithCommand(Name, "Fail over", context => ExecuteAsync(context, nodes, primary), new CommandOptions
            {
                Description = "Makes a replica the primary; this node comes back as a replica. Nothing that was acknowledged is lost, and writes are refused for some seconds.",
                ConfirmationMessage = $"Shall a replica take the place of {resource.Name}? Writes are refused for some seconds, and capture reads all tables again.",
                IconName = "ArrowSwap",
                Arguments =
                [
                    new InteractionInput
                    {
                        Name = Replica, Label = "New primary", InputType = InputType.Choice, Required = false, Placeholder = "The replica that has received most",
                        Options = [.. nodes.Where(node => node != primary).Select(node => KeyValuePair.Create(node.Name, node.Name))],
                    },
                ],
                UpdateState = context => primary.Data.IsPrimary
                    ? context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled
                    : ResourceCommandState.Hidden,
            });
        }
    }

    private static async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context, IReadOnlyList<FailOverNode> nodes, FailOverNode primary)
    {
        if (!await OneAtATime.WaitAsync(TimeSpan.Zero, context.CancellationToken)) return CommandResults.Failure("A fail-over is under way.");
        try
        {
            var chosen = context.Arguments.TryGetByName(Replica, out var input) && input.Value is { Length: > 0 } name ? name : null;
            return await ActivatorUtilities.CreateInstance<FailOver>(context.Services, nodes, primary, context.Logger).RunAsync(chosen);
        }
        catch (FailOverException exception)
        {
            return CommandResults.Failure(exception.Message);
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}
