namespace Platform.AppHost.Commands;

internal static class PlatformCommands
{
    public static void AddPlatformCommands(this IDistributedApplicationBuilder builder)
    {
        builder.AddFailOver();
    }
}
