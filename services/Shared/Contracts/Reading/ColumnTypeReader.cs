namespace Platform.Contracts.Reading;

/// <summary>Reads what values a column holds, from <c>logicalType</c>, its options, <c>physicalType</c> and <c>money</c>.</summary>
internal static class ColumnTypeReader
{
    private const int LongestText = 1_000_000;

    private static readonly string[] LogicalTypes = ["string", "integer", "number", "boolean", "date", "timestamp"];

    /// <summary>A column of that type with its limits, or null when the type could not be read.</summary>
    public static ColumnContract? Read(MapNode property, CustomProperties custom, string name, Report report)
    {
        property.RequiredText("logicalType", Spelling.OneOf(LogicalTypes));
        var physical = property.Text("physicalType");
        var column = property.Word("logicalType", "logical-type", LogicalTypes)?.Value switch
        {
            "string" => ReadText(property, physical?.Value, name, report),
            "integer" => ReadNumber(property, ColumnType.Integer, "i64", name, report),
            "number" when custom.Has("money") => ReadMoney(property, custom, name, report),
            "number" => ReadNumber(property, ColumnType.Number, "f64", name, report),
            "boolean" => ReadPlain(property, ColumnType.Boolean, OdcsFields.NoOptions, name, report),
            "date" => ReadPlain(property, ColumnType.Date, OdcsFields.DateOptions, name, report),
            "timestamp" => ReadTimestamp(property, name, report),
            _ => null,
        };
        if (column is null) return null;

        if (custom.Has("money") && column.Type != ColumnType.Money)
            report.Add(custom.LineOf("money"), "money", $"'{name}' is no number", "write 'logicalType: number' for an amount of money");
        if (physical is { } written && written.Value != PhysicalTypeOf(column.Type))
        {
            report.Add(written.Line, "physical-type", $"'{name}' is not stored as '{written.Value}'",
                $"write {PhysicalTypeOf(column.Type)} or leave it out");
        }

        return column;
    }

    private static string PhysicalTypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Integer or ColumnType.Money => "bigint",
        ColumnType.Number => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamptz",
        ColumnType.Uuid => "uuid",
        _ => throw new InvalidOperationException($"Column type {type} has no Postgres form."),
    };

    private static ColumnContract ReadText(MapNode property, string? physicalType, string name, Report report)
    {
        var options = Options(property, OdcsFields.TextOptions, report);
        var isUuid = options?.Word("format", "text-format", ["uuid"]) is not null || physicalType == "uuid";
        if (isUuid) return new() { Name = name, Type = ColumnType.Uuid };

        var maxLength = options?.Whole("maxLength", 1, LongestText);
        if (options?.Has("maxLength") != true)
        {
            report.Add(options?.Line ?? property.Line, "text-length", $"'{name}' has no longest length",
                $"write logicalTypeOptions: {{maxLength: 200}}, at most {LongestText}");
        }

        return new() { Name = name, Type = ColumnType.Text, MaxLength = maxLength, Pattern = ReadPattern(options, report) };
    }

    private static string? ReadPattern(MapNode? options, Report report)
    {
        if (options?.Text("pattern") is not { } pattern) return null;
        if (TextPattern.Fault(pattern.Value) is not { } fault) return pattern.Value;
        report.Add(pattern.Line, "pattern", fault, "write a regular expression without look-around and back references");
        return null;
    }

    private static ColumnContract ReadMoney(MapNode property, CustomProperties custom, string name, Report report)
    {
        var money = custom.Map("money", OdcsFields.Money, report);
        var scale = money?.Whole("scale", 0, 6);
        if (money is not null && !money.Has("scale"))
            report.Add(money.Line, "money", "'money' needs 'scale'", "write the currency's digits after the point: {scale: 2}");
        return ReadNumber(property, ColumnType.Money, "f64", name, report) with { Scale = scale ?? 0 };
    }

    private static ColumnContract ReadNumber(MapNode property, ColumnType type, string format, string name, Report report)
    {
        var options = Options(property, OdcsFields.NumberOptions, report);
        options?.Word("format", "number-format", [format]);
        var (minimum, maximum) = (options?.Number("minimum"), options?.Number("maximum"));
        if (minimum?.Value > maximum?.Value)
            report.Add(
                maximum!.Value.Line, "number-range", $"no number is from {minimum.Value.Value} to {maximum.Value.Value}",
                "write a minimum below the maximum");
        return new() { Name = name, Type = type, Minimum = minimum?.Value, Maximum = maximum?.Value };
    }

    private static ColumnContract ReadTimestamp(MapNode property, string name, Report report)
    {
        var options = Options(property, OdcsFields.TimestampOptions, report);
        if (options?.Flag("timezone") == false)
            report.Add(
                options.LineOf("timezone"), "timezone", $"'{name}' would be a time of no place",
                "write true or leave it out: times are stored in UTC");
        options?.Word("defaultTimezone", "timezone", ["Etc/UTC", "UTC"]);
        return new() { Name = name, Type = ColumnType.Timestamp };
    }

    private static ColumnContract ReadPlain(MapNode property, ColumnType type, FieldSet fields, string name, Report report)
    {
        Options(property, fields, report);
        return new() { Name = name, Type = type };
    }

    private static MapNode? Options(MapNode property, FieldSet fields, Report report) =>
        property.Node("logicalTypeOptions") is { } node ? MapNode.Of(node, fields, report) : null;
}
