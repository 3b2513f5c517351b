using System.Text;
using System.Text.Json;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>Schemas as Kafka Connect's JSON converter writes them.</summary>
internal static class ConnectSchema
{
    /// <summary>The schema of one value.</summary>
    /// <param name="writer">Its type.</param>
    /// <param name="isOptional">True when it may be null.</param>
    /// <param name="field">Name of the field it is in, or null.</param>
    /// <param name="defaultJson">The field's default as JSON, or null.</param>
    public static string Of(ValueWriter writer, bool isOptional, string? field = null, string? defaultJson = null)
    {
        var schema = new StringBuilder("{\"type\":").Append(Quote(writer.ConnectType)).Append(writer.SchemaMembers.Trim());
        schema.Append(",\"optional\":").Append(isOptional ? "true" : "false");
        if (writer.SchemaName is { } name) schema.Append(",\"name\":").Append(Quote(name)).Append(",\"version\":").Append(writer.SchemaVersion);
        if (writer.Parameters.Count > 0)
            schema.Append(",\"parameters\":{").AppendJoin(',', writer.Parameters.Select(p => $"{Quote(p.Name)}:{Quote(p.Value)}")).Append('}');
        if (defaultJson is not null) schema.Append(",\"default\":").Append(defaultJson);
        if (field is not null) schema.Append(",\"field\":").Append(Quote(field));
        return schema.Append('}').ToString();
    }

    /// <summary>A struct of fields.</summary>
    public static string Struct(IEnumerable<string> fields, bool isOptional, string name, int? version = null, string? field = null) =>
        $$"""{"type":"struct","fields":[{{string.Join(',', fields)}}],"optional":{{(isOptional ? "true" : "false")}},"name":{{Quote(name)}}"""
        + (version is { } number ? $",\"version\":{number}" : "") + (field is null ? "" : $",\"field\":{Quote(field)}") + "}";

    /// <summary>A field of a plain type.</summary>
    public static string Field(string type, bool isOptional, string field) =>
        $$"""{"type":"{{type}}","optional":{{(isOptional ? "true" : "false")}},"field":"{{field}}"}""";

    public static string Quote(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Web);
}
