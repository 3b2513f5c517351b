namespace Platform.AppHost.Commands;

/// <summary>Commands of the change capture.</summary>
internal static class CaptureCommands
{
    public static void AddCaptureCommands(this IResourceBuilder<ProjectResource> cdc, OperatorClient client) =>
        cdc.WithCommand("take-snapshot", "Take a snapshot", context =>
        {
            var entities = context.Arguments.GetString("entities")!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var tenant = context.Arguments.GetString("tenant");
            object[] filters = string.IsNullOrWhiteSpace(tenant) ? [] : [new { column = "tenant_id", @operator = "eq", value = tenant.Trim() }];
            return client.PostAsync(
                "/capture/snapshots", new { entities, filters, reason = "ordered in Aspire's dashboard" }, "The snapshot is under way; GET /capture/snapshots shows how far it is.", context.CancellationToken);
        }, new CommandOptions
        {
            Description = "Reads rows of the database again into the change topics, while changes go on.",
            IconName = "Camera",
            Arguments =
            [
                new InteractionInput
                {
                    Name = "entities", Label = "Entities", InputType = InputType.Text, Required = true, Placeholder = "customers, orders", Description = "Names of contracts, separated by commas.",
                },
                new InteractionInput { Name = "tenant", Label = "Tenant", InputType = InputType.Text, Description = "Only the rows of this tenant. Default: all." },
            ],
        });
}
