namespace Platform.AppHost.Commands;

/// <summary>Commands of the schema service: tenants.</summary>
internal static class TenantCommands
{
    public static void AddTenantCommands(this IResourceBuilder<ProjectResource> schema, OperatorClient client)
    {
        schema.WithCommand("create-tenant", "Create a tenant", context =>
        {
            var (id, name) = (context.Arguments.GetString("id"), context.Arguments.GetString("name"));
            return client.PostAsync("/tenants", new { id, name = string.IsNullOrWhiteSpace(name) ? id : name }, $"Tenant {id} is there.", context.CancellationToken);
        }, new CommandOptions
        {
            Description = "Creates a tenant in the tenant directory.",
            IconName = "BuildingMultiple",
            Arguments =
            [
                Tenant("id"),
                new InteractionInput { Name = "name", Label = "Name for people", InputType = InputType.Text, Description = "Default: the id." },
            ],
        });
        schema.WithCommand("suspend-tenant", "Suspend a tenant", context => SetAsync(context, client, "suspend"), new CommandOptions
        {
            Description = "Refuses every request of a tenant, until it is resumed. Its data stays.", IconName = "PauseCircle", Arguments = [Tenant("id")],
        });
        schema.WithCommand("resume-tenant", "Resume a tenant", context => SetAsync(context, client, "resume"), new CommandOptions
        {
            Description = "Serves the requests of a suspended tenant again.", IconName = "PlayCircle", Arguments = [Tenant("id")],
        });
    }

    /// <summary>Asks for a tenant.</summary>
    public static InteractionInput Tenant(string name) => new()
    {
        Name = name, Label = "Tenant", InputType = InputType.Text, Required = true, Placeholder = "aurora",
        Description = "Its id: lower-case letters, digits and hyphens.",
    };

    private static Task<ExecuteCommandResult> SetAsync(ExecuteCommandContext context, OperatorClient client, string order)
    {
        var id = context.Arguments.GetString("id")!;
        return client.PostAsync($"/tenants/{Uri.EscapeDataString(id)}/{order}", body: null, $"Tenant {id}: {order} is done.", context.CancellationToken);
    }
}
