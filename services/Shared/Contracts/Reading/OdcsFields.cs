namespace Platform.Contracts.Reading;

/// <summary>The fields of ODCS 3.1 (<c>odcs-json-schema-v3.1.0.json</c>), object by object.</summary>
internal static class OdcsFields
{
    private static readonly string[] OfElements =
        ["id", "name", "physicalType", "description", "businessName", "authoritativeDefinitions", "tags", "customProperties"];

    public static FieldSet Document { get; } = new("a data contract",
        ["version", "kind", "apiVersion", "id", "name", "tenant", "tags", "status", "servers", "description", "domain", "schema", "support",
         "price", "team", "roles", "slaProperties", "authoritativeDefinitions", "customProperties", "contractCreatedTs", "dataProduct"],
        ("slaDefaultElement", "write 'element' in the entry of slaProperties"));

    public static FieldSet Entity { get; } = new("a schema object",
        [.. OfElements, "logicalType", "physicalName", "dataGranularityDescription", "properties", "quality"],
        ("relationships", "write 'relationships' in the property that refers"));

    public static FieldSet Column { get; } = new("a property",
        [.. OfElements, "primaryKey", "primaryKeyPosition", "logicalType", "logicalTypeOptions", "physicalName", "required",
         "classification", "transformSourceObjects", "transformLogic", "transformDescription",
         "examples", "criticalDataElement", "relationships", "quality"],
        ("unique", "write a quality rule with the metric duplicateValues"),
        ("partitioned", "write the custom property 'partitioning' in the schema object"),
        ("partitionKeyPosition", "write the custom property 'partitioning' in the schema object"),
        ("encryptedName", "write 'classification: restricted'"),
        ("properties", "write each value as a property of its own"),
        ("items", "write an entity of its own that refers to this one"));

    public static FieldSet TextOptions { get; } = new("logicalTypeOptions of a string",
        ["maxLength", "pattern", "format"],
        ("minLength", "write a 'pattern', '.{3,}' for at least three characters"));

    public static FieldSet NumberOptions { get; } = new("logicalTypeOptions of a number",
        ["minimum", "maximum", "format"],
        ("exclusiveMinimum", "write 'minimum'"),
        ("exclusiveMaximum", "write 'maximum'"),
        ("multipleOf", "write a quality rule with the metric invalidValues"));

    public static FieldSet TimestampOptions { get; } = new("logicalTypeOptions of a timestamp",
        ["timezone", "defaultTimezone"],
        ("format", "leave it out: timestamps are RFC 3339"),
        ("minimum", "leave it out"),
        ("maximum", "leave it out"),
        ("exclusiveMinimum", "leave it out"),
        ("exclusiveMaximum", "leave it out"));

    public static FieldSet DateOptions { get; } = new("logicalTypeOptions of a date",
        [],
        ("format", "leave it out: dates are yyyy-MM-dd"),
        ("minimum", "leave it out"),
        ("maximum", "leave it out"),
        ("exclusiveMinimum", "leave it out"),
        ("exclusiveMaximum", "leave it out"));

    public static FieldSet NoOptions { get; } = new("logicalTypeOptions of a boolean", []);

    public static FieldSet Relationship { get; } = new("a relationship", ["type", "to", "customProperties"],
        ("from", "leave it out: the property that it stands in is the one that refers"));

    public static FieldSet Quality { get; } = new("a quality rule",
        ["id", "name", "type", "metric", "arguments", "description", "dimension", "severity", "unit", "businessImpact", "tags", "method",
         "customProperties", "authoritativeDefinitions", .. QualityWords.Operators],
        ("rule", "write 'metric'"),
        ("mustBeBetween", "write one rule with mustBeGreaterOrEqualTo and one with mustBeLessOrEqualTo"),
        ("mustNotBeBetween", "write one rule with mustBeLessThan or mustBeGreaterThan"),
        ("schedule", "leave it out: every change is checked"),
        ("scheduler", "leave it out: every change is checked"),
        ("query", "write a library metric"),
        ("engine", "write a library metric"),
        ("implementation", "write a library metric"));

    public static FieldSet QualityArguments { get; } = new("the arguments of a quality rule", ["validValues", "pattern", "missingValues"]);

    public static FieldSet ServiceLevel { get; } = new("an entry of slaProperties",
        ["id", "property", "value", "valueExt", "unit", "element", "driver", "description", "scheduler", "schedule"]);

    public static FieldSet CustomProperty { get; } = new("a custom property", ["id", "property", "value", "description"]);

    public static FieldSet Money { get; } = new("money", ["scale"]);

    public static FieldSet Partitioning { get; } = new("partitioning", ["column", "interval", "from", "premake"]);

    public static FieldSet Cache { get; } = new("cache", ["ttl"]);

    public static FieldSet Analytics { get; } = new("analytics", ["measure", "time", "dimensions"]);

    public static FieldSet Rollup { get; } = new("a rollup", ["name", "time", "grain", "dimensions", "measures"]);

    public static FieldSet RollupMeasure { get; } = new("a measure of a rollup", ["function", "column"]);
}
