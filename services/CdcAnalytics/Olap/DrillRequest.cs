using System.Text.Json.Serialization;

namespace Platform.CdcAnalytics.Olap;

/// <summary>Asks for the rows behind a figure, in the order of their key.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DrillRequest
{
    /// <summary>Rows fulfil all of them.</summary>
    public IReadOnlyList<OlapFilter> Filters { get; init; } = [];

    /// <summary>The key after which the page begins: the last one of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Most rows of the page. Default: 100.</summary>
    public int Limit { get; init; } = 100;
}
