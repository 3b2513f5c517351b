using System.Text.Json.Serialization;

namespace Platform.CdcAnalytics.Olap;

/// <summary>A question about an entity. Columns are those of its contract, or of an entity that it refers to: <c>customers.country</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OlapRequest
{
    /// <summary>What is computed; by default the number of rows.</summary>
    public IReadOnlyList<OlapMeasure> Measures { get; init; } = [new() { Function = "count" }];

    /// <summary>The columns that divide it.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>Divides it by time as well.</summary>
    public OlapTime? Time { get; init; }

    /// <summary>Rows that count fulfil all of them.</summary>
    public IReadOnlyList<OlapFilter> Filters { get; init; } = [];

    /// <summary><c>plain</c> (the default), <c>rollup</c> for subtotals from the last dimension to the first, or <c>cube</c> for all.</summary>
    public string Grouping { get; init; } = "plain";

    /// <summary>Name of a measure or dimension by which the answer is sorted, with a minus in front for the greatest first. With <see cref="Limit"/>, the top n.</summary>
    public string? Order { get; init; }

    /// <summary>Most rows of the answer.</summary>
    public int? Limit { get; init; }

    /// <summary><c>previous</c> puts beside each measure that of the period before, <c>year</c> that of the year before. Needs <see cref="Time"/> and plain grouping.</summary>
    public string? Compare { get; init; }
}

/// <summary>A measure.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OlapMeasure
{
    /// <summary><c>count</c>, <c>sum</c>, <c>avg</c>, <c>min</c>, <c>max</c> or <c>distinct</c>.</summary>
    public required string Function { get; init; }

    /// <summary>The column; a count of rows has none.</summary>
    public string? Column { get; init; }

    /// <summary>Its name in the answer: <c>sum_total</c>.</summary>
    [JsonIgnore]
    public string Name => Column is null ? Function : $"{Function}_{Column.Replace('.', '_')}";
}

/// <summary>Time as a dimension, called <c>period</c> in the answer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OlapTime
{
    /// <summary>The date or timestamp column; by default the one of the contract's figures.</summary>
    public string? Column { get; init; }

    /// <summary><c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c> or <c>year</c>.</summary>
    public string Grain { get; init; } = "day";

    /// <summary>The first day, in UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day.</summary>
    public DateOnly? To { get; init; }
}

/// <summary>A condition.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OlapFilter
{
    public required string Column { get; init; }

    /// <summary><c>eq</c> (the default), <c>ne</c>, <c>lt</c>, <c>le</c>, <c>gt</c>, <c>ge</c>, <c>in</c> or <c>null</c>.</summary>
    public string Operator { get; init; } = "eq";

    /// <summary>What the column is compared with, as text in the API's units: one value, several for <c>in</c>, none for <c>null</c>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
