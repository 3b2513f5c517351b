using Platform.Local;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Where Aspire's dashboard and its endpoints listen. A launch profile usually says it, with fixed ports; here several platforms run side
/// by side on one machine.
/// </summary>
internal static class AspireDashboard
{
    private const int UsualPort = 15080;
    private const string Urls = "ASPNETCORE_URLS";
    private const string OtlpUrl = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string ResourceServiceUrl = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>
    /// Arguments for the settings that the environment does not have: Development, the usual port of the dashboard or any free one, free
    /// ports for the rest.
    /// </summary>
    public static IEnumerable<string> Defaults()
    {
        var isDefined = (string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
        if (!isDefined("DOTNET_ENVIRONMENT") && !isDefined("ASPNETCORE_ENVIRONMENT")) yield return "--environment=Development";
        var ports = LoopbackPort.Free(count: 3);
        if (!isDefined(Urls)) yield return $"--{Urls}=http://localhost:{(LoopbackPort.IsFree(UsualPort) ? UsualPort : ports[0])}";
        if (!isDefined(OtlpUrl)) yield return $"--{OtlpUrl}=http://localhost:{ports[1]}";
        if (!isDefined(ResourceServiceUrl)) yield return $"--{ResourceServiceUrl}=http://localhost:{ports[2]}";
    }
}
