using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Platform.Contracts.Reading;

/// <summary>Reads the relationship of a property: the key of another entity that its values name.</summary>
internal static partial class RelationshipReader
{
    public static Located<string>? Read(MapNode property, Report report)
    {
        Located<string>? reference = null;
        foreach (var relationship in property.Maps("relationships", OdcsFields.Relationship))
        {
            relationship.Word("type", "relationship-type", ["foreignKey"]);
            CustomProperties.Read(relationship, [], report);
            if (relationship.Node("to") is YamlSequenceNode composite)
            {
                report.Add(MapNode.LineOf(composite), "relationship-target", "a relationship to several columns is not supported",
                    "write the one key of the other entity: the tenant's column is added by itself");
                continue;
            }

            if (relationship.RequiredText("to", "write entity.key: customers.customer_id") is not { } to) continue;
            if (!Target().IsMatch(to.Value))
                report.Add(
                    to.Line, "relationship-target", $"'{to.Value}' is not of the form entity.column", "write it as customers.customer_id");
            else if (reference is not null)
                report.Add(to.Line, "duplicate", "the property refers to two entities", "write a property of its own for each");
            else
                reference = to;
        }

        return reference;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Target();
}
