using System.Text.RegularExpressions;
using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>
/// Names are the same in the API, the table, the topic and the warehouse, so they are plain everywhere and leave to the platform what
/// it needs itself.
/// </summary>
internal static partial class NameRules
{
    // The tenant's column, Postgres' system columns, and the parameters of a list in the API.
    private static readonly string[] ReservedColumns =
        ["tenant_id", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "select", "order", "limit", "cursor"];

    public static IEnumerable<ContractViolation> CheckEntity(string file, Located<string> name) => Check(file, name, "an entity");

    public static IEnumerable<ContractViolation> CheckColumn(string file, Located<string> name)
    {
        if (ReservedColumns.Contains(name.Value))
        {
            return [new(file, name.Line, "reserved-name", $"'{name.Value}' belongs to the platform",
                name.Value == "tenant_id" ? "leave it out: every table has it" : "write another name")];
        }

        return Check(file, name, "a column");
    }

    private static IEnumerable<ContractViolation> Check(string file, Located<string> name, string what)
    {
        if (name.Value.StartsWith('_'))
            yield return new(
                file, name.Line, "reserved-name", $"'{name.Value}' begins as the platform's own names do",
                "write it without the underscore in front");
        else if (!PlainName().IsMatch(name.Value))
        {
            yield return new(file, name.Line, "name", $"'{name.Value}' is no name of {what}",
                "write a lower-case letter, then up to 62 lower-case letters, digits and underscores: order_lines");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainName();
}
