using CsCheck;
using Platform.Contracts;
using Platform.Contracts.Reading;
using Xunit;

namespace Platform.Unit.Contracts;

public sealed class ContractLoaderTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abc"], 0, 8];

    [Fact]
    public void The_platforms_own_contracts_have_no_mistake_and_come_in_order_of_reference()
    {
        var contracts = ContractLoader.Load();
        Assert.Equal(["customers", "orders", "products", "order_lines"], contracts.Entities.Select(entity => entity.Name));
        Assert.All(contracts.Entities, entity => Assert.NotNull(entity.Cache));
        Assert.All(contracts.Entities.SelectMany(entity => entity.Columns), column => Assert.NotEmpty(column.Description));
    }

    [Fact]
    public void Everything_that_a_contract_says_is_read()
    {
        var orders = Written.Load(Written.Orders).Find("orders")!;
        Assert.Equal("1.0.0", orders.Version);
        Assert.Equal("order_id", orders.Key.Name);
        Assert.True(orders.Key.Generated);
        Assert.Equal(new ReferenceContract("customer_id", "customers", "customer_id"), Assert.Single(orders.References));
        Assert.Equal(new PartitioningContract("ordered_at", new DateOnly(2021, 1, 1), 3), orders.Partitioning);
        Assert.Equal(TimeSpan.FromSeconds(60), orders.Cache?.TimeToLive);
        Assert.Equal(TimeSpan.FromDays(3650), orders.Retention);
        Assert.True(orders.Temporal);
        Assert.Equal(("total", "ordered_at"), (orders.Analytics?.Measure, orders.Analytics?.Time));
        Assert.Equal(["country"], orders.Analytics?.Dimensions ?? []);
        var rollup = Assert.Single(orders.Rollups);
        Assert.Equal(("by_day", "ordered_at", "day"), (rollup.Name, rollup.Time, rollup.Grain));
        Assert.Equal(["country", "customers.customer_id"], rollup.Dimensions);
        Assert.Equal([new("sum", "total"), new("max", "ordered_at")], rollup.Measures);
        Assert.Equal([("rowCount", null), ("nullValues", "country")], orders.Quality.Select(rule => (rule.Metric, rule.Column)));

        var country = orders.Find("country")!;
        Assert.Equal((60, "[A-Z].*", Classification.Restricted), (country.MaxLength, country.Pattern, country.Classification));
        var total = orders.Find("total")!;
        Assert.Equal((ColumnType.Money, 2, 0m, null), (total.Type, total.Scale, total.Minimum, total.Maximum));
        Assert.True(orders.Find("customer_id")!.Indexed);
    }

    [Theory]
    [InlineData("string\n        physicalType: uuid", ColumnType.Uuid)]
    [InlineData("string\n        logicalTypeOptions: {format: uuid}", ColumnType.Uuid)]
    [InlineData("string\n        logicalTypeOptions: {maxLength: 5}", ColumnType.Text)]
    [InlineData("number", ColumnType.Number)]
    [InlineData("boolean", ColumnType.Boolean)]
    [InlineData("date", ColumnType.Date)]
    public void Each_logical_type_becomes_the_platforms(string written, ColumnType type)
    {
        var text = Written.Orders.Replace(
            "slaProperties:", $"      - name: extra\n        logicalType: {written}\nslaProperties:", StringComparison.Ordinal);
        Assert.Equal(type, Written.Load(text).Find("orders")!.Find("extra")!.Type);
    }

    [Fact]
    public void Contracts_that_refer_to_each_other_in_a_circle_are_refused()
    {
        var customers = Written.Customers +
            "\n      - name: last_order\n        logicalType: integer\n        relationships: [{to: orders.order_id}]";
        var exception = Assert.Throws<ContractException>(() =>
            ContractLoader.Parse([new(Written.CustomersPath, customers), new(Written.OrdersPath, Written.Orders)]));
        var mistake = Assert.Single(exception.Violations);
        Assert.Equal("reference-cycle", mistake.Rule);
        Assert.Contains("customers -> orders -> customers", mistake.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_keys_is_not_another_entitys_name()
    {
        var keys = Written.Customers.Replace("customers", "orders_keys", StringComparison.Ordinal);
        var exception = Assert.Throws<ContractException>(() => ContractLoader.Parse(
        [
            new(Written.CustomersPath, Written.Customers),
            new(Written.OrdersPath, Written.Orders),
            new("contracts/orders_keys.odcs.yaml", keys),
        ]));
        Assert.Equal("reserved-name", Assert.Single(exception.Violations).Rule);
    }

    [Fact]
    public void A_file_that_cannot_be_read_does_not_make_the_references_to_it_wrong()
    {
        var exception = Assert.Throws<ContractException>(() =>
            ContractLoader.Parse([new(Written.CustomersPath, "schema: ["), new(Written.OrdersPath, Written.Orders)]));
        Assert.Equal(Written.CustomersPath, Assert.Single(exception.Violations).File);
    }

    [Fact]
    public void A_folder_without_contracts_is_a_mistake()
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        Assert.Equal("no-contracts", Assert.Single(Assert.Throws<ContractException>(() => ContractLoader.Load(missing)).Violations).Rule);
        Assert.Equal("no-contracts", Assert.Single(Assert.Throws<ContractException>(() => ContractLoader.Parse([])).Violations).Rule);
    }

    [Fact]
    public void However_a_contract_is_cut_off_or_mangled_the_answer_is_a_list_of_mistakes() =>
        Gen.Select(
            Gen.Int[0, Written.Orders.Length - 1],
            Gen.Int[0, 40],
            Gen.String[Gen.Char[" \n:-{}[]'#&*!|>%@`a1"], 0, 6]).Sample((at, length, noise) =>
        {
            var end = Math.Min(Written.Orders.Length, at + length);
            var text = string.Concat(Written.Orders.AsSpan(0, at), noise, Written.Orders.AsSpan(end));
            // Throws anything else than a ContractException: the test fails.
            Assert.All(Written.Mistakes(text), mistake => Assert.True(mistake.Line >= 1));
        });

    [Fact]
    public void Entities_come_after_those_they_refer_to_whatever_their_names() =>
        Gen.Int[0, 5].Array[6].Sample(picks =>
        {
            // Entity i may refer to entities before it only, so there is no circle; names are shuffled against that order.
            var names = new[] { "f", "c", "a", "e", "b", "d" };
            var sources = picks.Select((pick, i) => Source(names[i], pick < i ? names[pick] : null));
            var ordered = ContractLoader.Parse(sources).Entities;
            for (var i = 0; i < ordered.Count; i++)
                Assert.All(ordered[i].References, reference => Assert.Contains(ordered.Take(i), before => before.Name == reference.Entity));
        });

    [Fact]
    public void The_distance_of_two_words_is_that_of_a_metric() =>
        Gen.Select(Word, Word, Word).Sample((a, b, c) =>
            Spelling.Distance(a, b) == Spelling.Distance(b, a)
            && (Spelling.Distance(a, b) == 0) == (a == b)
            && Spelling.Distance(a, c) <= Spelling.Distance(a, b) + Spelling.Distance(b, c));

    private static ContractSource Source(string name, string? target)
    {
        var text = Written.Customers.Replace("customers", name, StringComparison.Ordinal);
        if (target is not null)
            text += $"\n      - name: other\n        logicalType: integer\n        relationships: [{{to: {target}.customer_id}}]";
        return new($"contracts/{name}.odcs.yaml", text);
    }
}
