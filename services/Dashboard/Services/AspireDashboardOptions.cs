using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Dashboard.Services;

/// <summary>Where logs and traces are seen. Section <c>AspireDashboard</c>.</summary>
public sealed class AspireDashboardOptions
{
    /// <summary>Address of Aspire's dashboard; null where there is none, and then no page links to it.</summary>
    [Url]
    public string? Url { get; set; }

    /// <summary>
    /// Address of a page of a resource: <c>consolelogs</c>, <c>structuredlogs</c>, <c>traces</c> or <c>metrics</c>; null where there is no
    /// dashboard.
    /// </summary>
    public string? PageOf(string page, string resource) => Url is null ? null : $"{Url.TrimEnd('/')}/{page}/resource/{Uri.EscapeDataString(resource)}";
}

[OptionsValidator]
internal sealed partial class AspireDashboardOptionsValidator : IValidateOptions<AspireDashboardOptions>;
