using Platform.Contracts;
using Platform.SchemaService.Ddl;
using Xunit;

namespace Platform.Unit.SchemaService;

/// <summary>What is done when a contract and a table differ.</summary>
public sealed class SchemaComparisonTests
{
    private static readonly DateOnly Today = new(2026, 3, 15);

    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private static readonly ColumnContract Name = new() { Name = "name", Type = ColumnType.Text, Required = true, MaxLength = 50 };
    private static readonly EntityContract Things = new() { Name = "things", Version = "1.0.0", Columns = [Id, Name], Key = Id };

    /// <summary>The table of <see cref="Things"/>, as the catalogue tells of it.</summary>
    private static readonly TableState Table = new()
    {
        Name = "things",
        RowSecurity = true,
        RowSecurityForced = true,
        ReplicaIdentityFull = true,
        Published = true,
        Columns = [new("tenant_id", "text", true), new("id", "bigint", true), new("name", "text", true)],
        Constraints =
        [
            new("things_pkey", "p", "PRIMARY KEY (tenant_id, id)", true, ["tenant_id", "id"], null, null),
            new("things_name_length", "c", "CHECK ((char_length(name) <= 50))", true, ["name"], null, null),
        ],
        Policies = [new("tenant_isolation", true, true, true, Deparsed, Deparsed)],
        Grants =
        [
            new("platform_api", "SELECT"), new("platform_api", "INSERT"), new("platform_api", "UPDATE"), new("platform_api", "DELETE"),
            new("platform_readonly", "SELECT"), new("platform_cdc", "SELECT"),
        ],
    };

    private const string Deparsed =
        """(tenant_id = ( SELECT NULLIF(current_setting('app.tenant_id'::text, true), ''::text) AS "nullif"))""";

    [Fact]
    public void Nothing_is_done_to_a_table_that_is_what_its_contract_says() => Assert.Empty(Statements(Things, Table));

    [Fact]
    public void A_new_table_has_the_tenant_in_its_key_forced_row_security_and_grants()
    {
        var sql = string.Join('\n', Statements(Things));
        Assert.Contains("PRIMARY KEY (\"tenant_id\", \"id\")", sql, StringComparison.Ordinal);
        Assert.Contains("FORCE ROW LEVEL SECURITY", sql, StringComparison.Ordinal);
        Assert.Contains("CREATE POLICY \"tenant_isolation\"", sql, StringComparison.Ordinal);
        Assert.Contains("TO \"platform_api\"", sql, StringComparison.Ordinal);
        Assert.Contains("ALTER PUBLICATION \"platform\" ADD TABLE \"app\".\"things\"", sql, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, (TableState State, string Statement)> DriftsByName = new(StringComparer.Ordinal)
    {
        ["security no longer forced"] = (Table with { RowSecurityForced = false }, "FORCE ROW LEVEL SECURITY"),
        ["a policy that lets everything through"] =
            (Table with { Policies = [.. Table.Policies, new("open", true, true, true, "true", "true")] }, "DROP POLICY \"open\""),
        ["the policy weakened"] =
            (Table with { Policies = [Table.Policies[0] with { Visible = "true" }] }, "DROP POLICY \"tenant_isolation\""),
        ["a grant to everybody"] =
            (Table with { Grants = [.. Table.Grants, new("PUBLIC", "SELECT")] }, "REVOKE SELECT ON \"app\".\"things\" FROM PUBLIC"),
        ["a grant lost"] = (Table with { Grants = [.. Table.Grants.Skip(1)] }, "GRANT SELECT ON \"app\".\"things\" TO \"platform_api\""),
        ["not published"] = (Table with { Published = false }, "ADD TABLE"),
        ["without replica identity"] = (Table with { ReplicaIdentityFull = false }, "REPLICA IDENTITY FULL"),
    };

    public static TheoryData<string> Drifts => [.. DriftsByName.Keys];

    [Theory]
    [MemberData(nameof(Drifts))]
    public void What_was_changed_by_hand_is_put_right(string drift)
    {
        var (state, statement) = DriftsByName[drift];
        Assert.Contains(Statements(Things, state), sql => sql.Contains(statement, StringComparison.Ordinal));
    }

    public static TheoryData<EntityContract, string> Widenings => new()
    {
        { Things with { Columns = [Id, Name with { MaxLength = 80 }] }, "CHECK (char_length(\"name\") <= 80) NOT VALID" },
        { Things with { Columns = [Id, Name with { MaxLength = null }] }, "DROP CONSTRAINT \"things_name_length\"" },
        { Things with { Columns = [Id, Name with { Required = false }] }, "DROP NOT NULL" },
        { Things with { Columns = [Id, Name with { Indexed = true }] }, "CREATE INDEX CONCURRENTLY \"things_name_idx\"" },
        { Things with { Columns = [Id, Name, new() { Name = "note", Type = ColumnType.Date }] }, "ADD COLUMN \"note\" date" },
    };

    [Theory]
    [MemberData(nameof(Widenings))]
    public void A_change_that_lets_more_in_is_applied(EntityContract changed, string statement) =>
        Assert.Contains(Statements(changed, Table), sql => sql.Contains(statement, StringComparison.Ordinal));

    public static TheoryData<EntityContract, string> Narrowings => new()
    {
        { Things with { Columns = [Id, Name with { MaxLength = 20 }] }, "narrows app.things.name to at most 20 (now 50)" },
        { Things with { Columns = [Id, Name with { Type = ColumnType.Integer, MaxLength = null }] }, "is text, the contract makes it bigint" },
        { Things with { Columns = [Id] }, "app.things.name is not in the contract" },
        { Things with { Columns = [Id, Name, new() { Name = "note", Type = ColumnType.Date, Required = true }] }, "new and required" },
        { Things with { Key = Name }, "the key of app.things is (tenant_id, id)" },
        { Things with { Name = "others" }, "the table app.things has no contract" },
    };

    [Theory]
    [MemberData(nameof(Narrowings))]
    public void A_change_that_could_lose_or_refuse_rows_is_told_and_not_made(EntityContract changed, string difference)
    {
        var conflict = Assert.Single(Plan(changed, Table).Conflicts);
        Assert.Contains(difference, conflict.Difference, StringComparison.Ordinal);
        Assert.Contains("by a migration", conflict.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_divided_table_gets_its_months_beside_it_and_a_table_of_keys()
    {
        var at = new ColumnContract { Name = "at", Type = ColumnType.Timestamp, Required = true };
        var divided = Things with { Columns = [Id, Name, at], Partitioning = new("at", new DateOnly(2026, 1, 1), 2) };
        var statements = Statements(divided);
        Assert.Equal(
            ["things_p2026_01", "things_p2026_02", "things_p2026_03", "things_p2026_04", "things_p2026_05"],
            TableDesigner.Design(new([divided]), Today)[0].Partitions.Select(partition => partition.Name));
        Assert.Equal(5, statements.Count(sql => sql.Contains("ATTACH PARTITION", StringComparison.Ordinal)));
        Assert.DoesNotContain(statements, sql => sql.Contains("PARTITION OF", StringComparison.Ordinal));
        Assert.Contains(statements, sql => sql.StartsWith("CREATE TABLE \"app\".\"things_keys\"", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, sql => sql.Contains("ADD TABLE \"app\".\"things_keys\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Long_names_stay_apart_and_within_what_Postgres_keeps()
    {
        var table = new string('t', 60);
        var (first, second) = (ObjectNames.Of(table, "first", "idx"), ObjectNames.Of(table, "second", "idx"));
        Assert.NotEqual(first, second);
        Assert.Equal((63, 63), (first.Length, second.Length));
        Assert.Equal("orders_total_idx", ObjectNames.Of("orders", "total", "idx"));
    }

    private static SchemaPlan Plan(EntityContract entity, params TableState[] states) =>
        SchemaComparison.Compare(TableDesigner.Design(new([entity]), Today), states);

    private static IReadOnlyList<string> Statements(EntityContract entity, params TableState[] states)
    {
        var plan = Plan(entity, states);
        Assert.Empty(plan.Conflicts);
        return [.. plan.Steps.SelectMany(step => step.Statements)];
    }
}
