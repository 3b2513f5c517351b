namespace Platform.DataService.Queries;

/// <summary>The comparisons of a filter, as in <c>?total=gt.500</c>.</summary>
internal static class FilterOperator
{
    /// <summary>SQL by the name in a query.</summary>
    public static readonly IReadOnlyDictionary<string, string> Sql = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["eq"] = "=", ["neq"] = "<>", ["gt"] = ">", ["gte"] = ">=", ["lt"] = "<", ["lte"] = "<=",
    };

    public const string In = "in", Is = "is";

    /// <summary>The operators, for messages and the OpenAPI document.</summary>
    public const string Names = "eq, neq, gt, gte, lt, lte, in.(a,b), is.null, is.notnull";
}
