using Xunit;

namespace Platform.Unit.Contracts;

/// <summary>Each row puts one mistake into a contract; <c>#!</c> marks the line that has to be named.</summary>
public sealed class ContractRuleTests
{
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        // The document's head.
        { "kind: DataContract", "kind: DataProduct #!", "contract-kind", "write DataContract" },
        { "apiVersion: v3.1.0", "apiVersion: v2.2.2 #!", "api-version", "write v3.1.0" },
        { "version: 1.0.0", "version: one #!", "contract-version", "1.0.0" },
        { "status: active", "status: aktive #!", "contract-status", "proposed, draft, active, deprecated, retired" },
        { "status: active", "status: active\nstatuss: active #!", "unknown-field", "did you mean 'status'?" },
        { "status: active", "status: active\nslaDefaultElement: orders #!", "unsupported-field", "'element'" },
        { "id: orders\n", "id: orders\nschemaName: x #!\n", "unknown-field", "write one of version, kind" },
        { "value: 10\n", "value: ten #!\n", "wrong-kind", "a whole number from 1 to 36500" },
        { "unit: y", "unit: w #!", "retention", "d, day, days" },
        { "unit: y", "unit: y\n    element: customers #!", "retention", "write orders or leave it out" },

        // Names.
        { "- name: orders", "- name: Orders #!", "name", "a lower-case letter" },
        { "- name: orders", "- name: order #!", "file-name", "order.odcs.yaml" },
        { "- name: country", "- name: tenant_id #!", "reserved-name", "every table has it" },
        { "- name: country", "- name: _country #!", "reserved-name", "without the underscore" },
        { "- name: country", "- name: limit #!", "reserved-name", "another name" },
        { "- name: country", "- name: order_id #!", "duplicate", "leave one of them out" },

        // Columns.
        { "logicalType: timestamp", "logicalType: datetime #!", "logical-type", "string, integer, number, boolean, date, timestamp" },
        { "logicalType: timestamp", "logicalType: timestamp\n        physicalType: date #!", "physical-type", "write timestamptz" },
        { "logicalType: timestamp", "logicalType: timestamp\n        unique: true #!", "unsupported-field", "duplicateValues" },
        { "logicalType: timestamp", "logicalType: timestamp\n        logicalTypeOptions: {timezone: false} #!", "timezone", "stored in UTC" },
        { "{maxLength: 60, pattern: '[A-Z].*'}", "{pattern: '[A-Z].*'} #!", "text-length", "maxLength" },
        { "{maxLength: 60, pattern: '[A-Z].*'}", "{maxLength: 0} #!", "wrong-kind", "from 1 to 1000000" },
        { "pattern: '[A-Z].*'}", "pattern: '[A-Z'} #!", "pattern", "regular expression" },
        { "pattern: '[A-Z].*'}", "pattern: '(a)\\1'} #!", "pattern", "back references" },
        { "{minimum: 0}", "{minimum: 2, maximum: 1} #!", "number-range", "minimum below the maximum" },
        { "{minimum: 0}", "{min: 0} #!", "unknown-field", "minimum, maximum, format" },
        { "classification: restricted", "classification: secret #!", "classification", "public, internal, confidential, restricted" },
        { "required: true\n      - name: country", "required: 'yes' #!\n      - name: country", "wrong-kind", "true or false" },

        // The key.
        { "primaryKey: true\n        required: true", "primaryKey: true", "key-required", "required: true" },
        { "- name: country\n", "- name: country #!\n        primaryKey: true\n", "one-key", "in one property only" },
        { "{property: indexed, value: true}]", "{property: generated, value: true}] #!", "generated-key", "the primary key only" },

        // Relationships.
        { "to: customers.customer_id}]", "to: customer.customer_id}] #!", "unknown-reference", "write customers" },
        { "to: customers.customer_id}]", "to: customers.id}] #!", "unknown-reference", "write customers.customer_id" },
        { "to: customers.customer_id}]", "to: customers}] #!", "relationship-target", "customers.customer_id" },
        { "to: customers.customer_id}]", "to: [customers.customer_id]}] #!", "relationship-target", "the one key" },
        { "to: customers.customer_id}]", "to: orders.order_id}] #!", "reference-cycle", "leave one of these relationships out" },
        { "type: foreignKey, to", "type: lookup, to", "relationship-type", "write foreignKey" },
        { "- name: customer_id\n        logicalType: integer", "- name: customer_id #!\n        logicalType: date", "reference-type", "customers.customer_id" },

        // Quality.
        { "metric: rowCount", "metric: rows #!", "quality-metric", "rowCount" },
        { "metric: rowCount", "metric: nullValues #!", "quality-place", "in the property" },
        { "mustBeGreaterThan: 0", "mustBeMoreThan: 0 #!", "unknown-field", "mustBe" },
        { "mustBeGreaterThan: 0", "mustBeBetween: [1, 2] #!", "unsupported-field", "one rule with" },
        { "mustBeGreaterThan: 0", "mustBeGreaterThan: 0\n        mustBe: 1", "quality-operator", "a rule for each" },
        { "mustBeGreaterThan: 0", "mustBeGreaterThan: none #!", "wrong-kind", "a number" },
        { "mustBeGreaterThan: 0", "mustBeGreaterThan: 0\n        type: sql #!", "quality-type", "library, text" },
        { "dimension: completeness", "dimension: complete", "quality-dimension", "completeness" },

        // The platform's own properties.
        { "property: temporal\n", "property: temporary #!\n", "unknown-custom-property", "did you mean 'temporal'?" },
        { "property: temporal\n        value: true", "property: money #!\n        value: {scale: 2}", "unknown-custom-property", "of a property" },
        { "property: temporal\n        value: true", "property: temporal\n        value: 7 #!", "wrong-kind", "true or false" },
        { "property: temporal\n        value: true", "property: cache #!\n        value: {ttl: 1s}", "duplicate", "leave one of them out" },
        { "{ttl: 60s}", "{ttl: 60} #!", "cache-ttl", "60s" },
        { "{ttl: 60s}", "{ttl: 8d} #!", "cache-ttl", "60s" },
        { "{scale: 2}}]", "{}}] #!", "money", "{scale: 2}" },
        { "{scale: 2}}]", "{scale: 9}}] #!", "wrong-kind", "from 0 to 6" },
        { "column: ordered_at", "column: ordered_on", "partition-column", "did you mean 'ordered_at'?" },
        { "column: ordered_at", "column: country", "partition-column", "write ordered_at" },
        { "interval: month", "interval: week", "partitioning", "write month" },
        { "from: 2021-01-01", "from: 2021-01-15", "partitioning", "2021-01-01" },
        { "premake: 3", "premake: 0", "wrong-kind", "from 1 to 24" },
        { "- name: ordered_at\n        logicalType: timestamp\n        required: true", "- name: ordered_at #!\n        logicalType: timestamp", "partition-column", "required: true" },
        { "name: by_day", "name: By-day #!", "name", "a lower-case letter" },
        { "- name: by_day\n", "- name: by_day\n            grain: hour #!\n", "rollup-grain", "write one of day, week, month, quarter, year, none" },
        { "- name: by_day\n", "- name: by_day\n            grain: none\n            time: ordered_at #!\n", "rollup-grain", "leave 'time' out" },
        { "- name: by_day\n", "- name: by_day\n            time: country #!\n", "rollup-column", "write ordered_at" },
        { "- name: by_day\n", "- name: by_day\n          - name: by_day #!\n            grain: none\n", "duplicate", "write another name" },
        { "- name: by_day\n", "- title: by_day #!\n", "unknown-field", "name, time, grain, dimensions, measures" },
        { "[country, customers.customer_id]", "[country, customer.customer_id] #!", "rollup-column", "did you mean 'customers'?" },
        { "[country, customers.customer_id]", "[country, customers.country] #!", "rollup-column", "customers.customer_id" },
        { "[country, customers.customer_id]", "[countri] #!", "rollup-column", "did you mean 'country'?" },
        { "[country, customers.customer_id]", "[total] #!", "rollup-column", "write one of order_id, customer_id, country" },
        { "[country, customers.customer_id]", "[country, country] #!", "duplicate", "leave one of them out" },
        { "{function: sum, column: total}", "{function: distinct, column: total} #!", "rollup-measure", "answered from the rows" },
        { "{function: sum, column: total}", "{function: median, column: total} #!", "rollup-measure", "sum, count, min, max, avg" },
        { "{function: sum, column: total}", "{function: sum, column: country} #!", "rollup-column", "write one of order_id, customer_id, total" },
        { "{function: sum, column: total}", "{function: sum, column: customers.customer_id} #!", "rollup-column", "measure a column of this entity" },
        { "{function: sum, column: total}", "{function: max, column: ordered_at}", "duplicate", "leave one of them out" },
        { "measure: total", "measure: totals", "analytics-column", "did you mean 'total'?" },
        { "time: ordered_at", "time: country", "analytics-column", "write ordered_at" },
        { "dimensions: [country]", "dimensions: [country, country]", "duplicate", "leave one of them out" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_line_its_rule_and_what_to_write(string written, string wrong, string rule, string advice)
    {
        Assert.Contains(written, Written.Orders, StringComparison.Ordinal);
        var text = Replace(Written.Orders, written, wrong);
        var mistakes = Written.Mistakes(text);

        var mistake = Assert.Single(mistakes, m => m.Rule == rule);
        Assert.Equal(Written.OrdersPath, mistake.File);
        Assert.Contains(advice, mistake.Advice, StringComparison.Ordinal);
        if (LineOf(text, "#!") is { } line) Assert.Equal(line, mistake.Line);
    }

    [Theory]
    [InlineData("apiVersion: v3.1.0\n")]
    [InlineData("kind: DataContract\n")]
    [InlineData("id: orders\n")]
    [InlineData("version: 1.0.0\n")]
    [InlineData("status: active\n")]
    public void A_field_that_the_standard_requires_cannot_be_left_out(string line)
    {
        var mistake = Assert.Single(Written.Mistakes(Replace(Written.Orders, line, "")));
        Assert.Equal("missing-field", mistake.Rule);
        Assert.Contains($"'{line.Split(':')[0]}'", mistake.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_lines()
    {
        var text = Written.Orders
            .Replace("status: active", "status: on", StringComparison.Ordinal)
            .Replace("ttl: 60s", "ttl: soon", StringComparison.Ordinal)
            .Replace("to: customers.", "to: customer.", StringComparison.Ordinal);
        Assert.Equal(["contract-status", "cache-ttl", "unknown-reference"], Written.Mistakes(text).Select(m => m.Rule));
    }

    [Fact]
    public void A_mistake_is_written_so_that_an_editor_finds_its_place()
    {
        var mistake = Assert.Single(Written.Mistakes(Written.Orders.Replace("to: customers.", "to: customer.", StringComparison.Ordinal)));
        Assert.Equal(
            "contracts/orders.odcs.yaml:35: unknown-reference: 'customer.customer_id' names no entity; write customers",
            mistake.ToString());
    }

    [Theory]
    [InlineData("schema: [", "yaml-syntax")]
    [InlineData("a: 1\na: 2", "yaml-syntax")]
    [InlineData("- a\n- b", "wrong-kind")]
    [InlineData("", "yaml-syntax")]
    public void What_is_no_contract_at_all_is_refused(string text, string rule) =>
        Assert.Equal(rule, Assert.Single(Written.Mistakes(text)).Rule);

    [Fact]
    public void A_second_schema_object_is_refused()
    {
        var text = Replace(Written.Orders, "slaProperties:", "  - name: others #!\nslaProperties:");
        var mistake = Assert.Single(Written.Mistakes(text));
        Assert.Equal(("one-entity", LineOf(text, "#!")), (mistake.Rule, mistake.Line));
    }

    private static string Replace(string text, string written, string wrong)
    {
        var at = text.IndexOf(written, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + written.Length));
    }

    private static int? LineOf(string text, string mark)
    {
        var index = Array.FindIndex(text.Split('\n'), line => line.Contains(mark, StringComparison.Ordinal));
        return index < 0 ? null : index + 1;
    }
}
