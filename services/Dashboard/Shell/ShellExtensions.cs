using MudBlazor.Services;
using Platform.Dashboard.Access;

namespace Platform.Dashboard.Shell;

/// <summary>The frame around the pages.</summary>
internal static class ShellExtensions
{
    public static void AddShell(this WebApplicationBuilder builder)
    {
        // The component library's files lie in its package until the service is published.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
    }

    public static void MapShell(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(OperatorSignIn.Policy);
    }
}
