using Npgsql;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.SchemaService;

/// <summary>Tenants in shared tables are kept apart by Postgres: the catalogue has no hole, and what would be one is found and does not work.</summary>
public sealed class RowLevelSecurityTests(TwoShops shops, PlatformServers servers) : IClassFixture<TwoShops>
{
    private const string Api = "platform_api", Readonly = "platform_readonly", Owner = "platform_owner", Cdc = "platform_cdc", Replication = "platform_replication";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_catalogue_has_no_hole()
    {
        foreach (var database in new[] { shops.Database.Superuser, servers.Superuser })
        {
            await using var superuser = await database.OpenConnectionAsync(Cancellation);
            Assert.Empty(await RowLevelSecuritySweep.FindAsync(superuser, Cancellation));
        }
    }

    public static TheoryData<string, string> Holes => new()
    {
        { "CREATE TABLE app.notes (id bigint PRIMARY KEY)", "no-tenant: app.notes" },
        { "ALTER TABLE app.order_lines DROP CONSTRAINT order_lines_pkey, ALTER tenant_id DROP NOT NULL", "no-tenant: app.order_lines" },
        { "ALTER TABLE app.customers DISABLE ROW LEVEL SECURITY", "not-enabled: app.customers" },
        { "ALTER TABLE app.customers NO FORCE ROW LEVEL SECURITY", "not-forced: app.customers" },
        { "ALTER TABLE app.orders_p2025_05 NO FORCE ROW LEVEL SECURITY", "not-forced: app.orders_p2025_05" },
        { "DROP POLICY tenant_isolation ON app.orders_keys", "no-policy: app.orders_keys" },
        { "ALTER POLICY tenant_isolation ON app.orders USING (true)", "other-policy: tenant_isolation on app.orders" },
        { "ALTER POLICY tenant_isolation ON app.orders WITH CHECK (true)", "other-policy: tenant_isolation on app.orders" },
        { "ALTER POLICY tenant_isolation ON app.orders TO platform_api", "other-policy: tenant_isolation on app.orders" },
        {
            // A reset setting is '', and a row may have that for a tenant.
            "ALTER POLICY tenant_isolation ON app.orders USING (tenant_id = (SELECT current_setting('app.tenant_id', true)))",
            "other-policy: tenant_isolation on app.orders"
        },
        { "CREATE POLICY support ON app.customers FOR SELECT USING (true)", "other-policy: support on app.customers" },
        { "CREATE POLICY support ON app.orders_p2025_05 USING (true)", "other-policy: support on app.orders_p2025_05" },
        { "GRANT SELECT ON app.orders_p2025_05 TO platform_api", "privilege: SELECT of platform_api on app.orders_p2025_05" },
        { "GRANT SELECT (total) ON app.orders_p2025_05 TO PUBLIC", "privilege: SELECT of platform_readonly on app.orders_p2025_05" },
        { "GRANT TRUNCATE ON app.customers TO platform_api", "privilege: TRUNCATE of platform_api on app.customers" },
        { "GRANT UPDATE (city) ON app.customers TO platform_readonly", "privilege: UPDATE of platform_readonly on app.customers" },
        { "GRANT SELECT ON app.orders_keys TO platform_cdc", "privilege: SELECT of platform_cdc on app.orders_keys" },
        { "GRANT SELECT ON control.tenants TO platform_api", "privilege: SELECT of platform_api on control.tenants" },
        { "ALTER TABLE app.customers ADD CONSTRAINT one_email UNIQUE (email)", "unique-without-tenant: app.one_email" },
        { "CREATE UNIQUE INDEX one_email ON app.customers (lower(email)) INCLUDE (tenant_id)", "unique-without-tenant: app.one_email" },
        {
            "CREATE TABLE app.countries (id bigint PRIMARY KEY); " +
            "ALTER TABLE app.order_lines ADD country bigint, ADD CONSTRAINT shipped_to FOREIGN KEY (country) REFERENCES app.countries",
            "reference-without-tenant: shipped_to of app.order_lines"
        },
        { "CREATE VIEW app.emails AS SELECT email FROM app.customers", "view-as-owner: app.emails" },
        { "CREATE VIEW app.emails WITH (security_invoker = false) AS SELECT email FROM app.customers", "view-as-owner: app.emails" },
        { "CREATE VIEW public.emails AS SELECT email FROM app.customers", "view-as-owner: public.emails" },
        { "CREATE MATERIALIZED VIEW app.emails AS SELECT email FROM app.customers", "materialized-view: app.emails" },
        { "CREATE FUNCTION app.emails() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'", "function-as-owner: app.emails()" },
        { "ALTER ROLE platform_api BYPASSRLS", "powerful-role: platform_api" },
        { "ALTER ROLE platform_readonly SUPERUSER", "powerful-role: platform_readonly" },
        { "ALTER ROLE platform_api REPLICATION", "powerful-role: platform_api" },
        { "GRANT platform_owner TO platform_api", "membership: platform_api in platform_owner" },
        { "GRANT pg_read_all_data TO platform_cdc", "membership: platform_cdc in pg_read_all_data" },
        { "ALTER TABLE app.customers OWNER TO platform_api", "ownership: platform_api owns table app.customers" },
        { "ALTER TABLE app.customers OWNER TO postgres", "ownership: app.customers is not platform_owner's" },
        { "GRANT CREATE ON SCHEMA app TO platform_api", "may-create: platform_api in app" },
        { "ALTER DEFAULT PRIVILEGES FOR ROLE platform_owner IN SCHEMA app GRANT SELECT ON TABLES TO platform_api", "default-privilege: of platform_owner" },
    };

    [Theory]
    [MemberData(nameof(Holes))]
    public async Task A_hole_is_found(string sql, string found)
    {
        await using var superuser = await shops.Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await superuser.BeginTransactionAsync(Cancellation);
        await using var plant = new NpgsqlCommand(sql, superuser, transaction);
        await plant.ExecuteNonQueryAsync(Cancellation);
        Assert.Contains(found, await RowLevelSecuritySweep.FindAsync(superuser, Cancellation));
    }

    [Theory]
    [InlineData("CREATE VIEW app.emails WITH (security_invoker = true) AS SELECT email FROM app.customers")]
    [InlineData("CREATE VIEW app.emails WITH (security_invoker) AS SELECT email FROM app.customers")]
    [InlineData("CREATE UNIQUE INDEX one_email ON app.customers (lower(email), tenant_id)")]
    [InlineData("CREATE INDEX some_city ON app.customers (city)")]
    [InlineData("ALTER TABLE app.order_lines ADD customer_id bigint, ADD FOREIGN KEY (customer_id, tenant_id) REFERENCES app.customers (customer_id, tenant_id)")]
    public async Task What_keeps_tenants_apart_is_no_hole(string sql)
    {
        await using var superuser = await shops.Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await superuser.BeginTransactionAsync(Cancellation);
        await using var made = new NpgsqlCommand($"SET LOCAL ROLE platform_owner; {sql}; RESET ROLE", superuser, transaction);
        await made.ExecuteNonQueryAsync(Cancellation);
        Assert.Empty(await RowLevelSecuritySweep.FindAsync(superuser, Cancellation));
    }

    [Theory]
    [InlineData(Api)]
    [InlineData(Readonly)]
    [InlineData(Owner)]
    public async Task A_role_sees_the_rows_of_the_transactions_tenant_and_without_one_none(string role)
    {
        foreach (var (tenant, rows) in new[] { ("jane", 1L), ("steve", 2L), ("nobody", 0L), (null, 0L) })
        {
            await using var transaction = await shops.BeginAsync(role, tenant, Cancellation);
            foreach (var table in new[] { "customers", "orders", "orders_keys" })
                Assert.Equal(rows, await transaction.ReadAsync<long>($"SELECT count(*) FROM app.{table}", Cancellation));
        }
    }

    [Theory]
    [InlineData(Api)]
    [InlineData(Owner)]
    public async Task Rows_can_be_written_for_no_other_tenant_nor_moved_to_one_and_others_rows_are_out_of_reach(string role)
    {
        await using var jane = await shops.BeginAsync(role, "jane", Cancellation);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await jane.RefusalAsync(CustomerOf("steve", 100), Cancellation));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await jane.RefusalAsync("UPDATE app.customers SET tenant_id = 'steve'", Cancellation));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await jane.RefusalAsync("UPDATE app.orders SET tenant_id = 'steve'", Cancellation));
        Assert.Equal(0, await jane.ExecuteAsync("UPDATE app.customers SET city = 'Bergen' WHERE tenant_id = 'steve'", Cancellation));
        Assert.Equal(0, await jane.ExecuteAsync("DELETE FROM app.orders WHERE tenant_id = 'steve'", Cancellation));

        await using var nobody = await shops.BeginAsync(role, tenant: null, Cancellation);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await nobody.RefusalAsync(CustomerOf("jane", 100), Cancellation));
    }

    [Fact]
    public async Task A_reference_reaches_no_other_tenants_row()
    {
        await using var jane = await shops.BeginAsync(Api, "jane", Cancellation);
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, await jane.RefusalAsync(OrderOf("jane", 100, customer: 7), Cancellation));
        Assert.Null(await jane.RefusalAsync(OrderOf("jane", 100, customer: 1), Cancellation));
    }

    [Fact]
    public async Task A_key_that_another_tenant_has_is_accepted_so_that_nothing_can_be_guessed_from_a_refusal()
    {
        await using var jane = await shops.BeginAsync(Api, "jane", Cancellation);
        Assert.Null(await jane.RefusalAsync(CustomerOf("jane", 7), Cancellation));
        Assert.Null(await jane.RefusalAsync(OrderOf("jane", 7, customer: 1), Cancellation));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, await jane.RefusalAsync(OrderOf("jane", 1, customer: 1), Cancellation));
    }

    [Theory]
    [InlineData(Api)]
    [InlineData(Readonly)]
    public async Task A_partition_gives_nothing_away_by_itself_and_would_not_if_it_were_granted(string role)
    {
        await using var jane = await shops.BeginAsync(role, "jane", Cancellation);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await jane.RefusalAsync("SELECT FROM app.orders_p2025_05", Cancellation));

        await using var superuser = await shops.Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await superuser.BeginTransactionAsync(Cancellation);
        await using var granted = new NpgsqlCommand(
            $"GRANT SELECT ON app.orders_p2025_05 TO {role}; SET LOCAL ROLE {role}; SET LOCAL app.tenant_id = 'jane'; SELECT count(*) FROM app.orders_p2025_05",
            superuser, transaction);
        Assert.Equal(0L, await granted.ExecuteScalarAsync(Cancellation));
    }

    [Theory]
    [InlineData("security_invoker = true", 1)]
    [InlineData("security_invoker = false", 3)] // the hole, which the sweep finds
    public async Task A_view_keeps_tenants_apart_when_it_reads_as_its_caller(string option, long rows)
    {
        await using var superuser = await shops.Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await superuser.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            $"CREATE VIEW app.emails WITH ({option}) AS SELECT email FROM app.customers; GRANT SELECT ON app.emails TO platform_api; " +
            "SET LOCAL ROLE platform_api; SET LOCAL app.tenant_id = 'jane'; SELECT count(*) FROM app.emails",
            superuser, transaction);
        Assert.Equal(rows, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task What_goes_around_policies_is_not_to_be_had()
    {
        await using var jane = await shops.BeginAsync(Api, "jane", Cancellation);
        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, await jane.RefusalAsync("COPY app.customers FROM STDIN", Cancellation));
        foreach (var sql in new[]
        {
            "TRUNCATE app.order_lines", "ALTER TABLE app.customers DISABLE ROW LEVEL SECURITY", "SET ROLE platform_owner", "SET row_security = off; SELECT FROM app.customers",
            "CREATE TABLE app.mine ()", "CREATE VIEW app.mine AS SELECT * FROM app.customers", "SELECT FROM control.tenants", "CREATE TABLE public.mine ()",
        })
        {
            Assert.Equal((sql, PostgresErrorCodes.InsufficientPrivilege), (sql, await jane.RefusalAsync(sql, Cancellation)));
        }

        await using var report = await shops.BeginAsync(Readonly, "jane", Cancellation);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await report.RefusalAsync("UPDATE app.customers SET city = 'Bergen'", Cancellation));
    }

    [Fact]
    public async Task A_tenant_is_forgotten_with_its_transaction_also_where_a_row_has_an_empty_one()
    {
        await using var jane = await shops.BeginAsync(Api, "jane", Cancellation);
        await jane.CommitAsync(Cancellation);

        // The next one on the same connection.
        await using var next = await jane.Connection.BeginTransactionAsync(Cancellation);
        var again = new TwoShops.RoleTransaction(jane.Connection, next);
        Assert.Equal("", await again.ReadAsync<string>("SELECT current_setting('app.tenant_id', true)", Cancellation));
        Assert.Equal(0L, await again.ReadAsync<long>("SELECT count(*) FROM app.customers", Cancellation));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await again.RefusalAsync(CustomerOf("", 1), Cancellation));

        await using var superuser = await shops.Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await superuser.BeginTransactionAsync(Cancellation);
        await using var count = new NpgsqlCommand(
            $"{CustomerOf("", 1)}; SET LOCAL ROLE platform_api; SET LOCAL app.tenant_id = ''; SELECT count(*) FROM app.customers", superuser, transaction);
        Assert.Equal(0L, await count.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task The_log_which_knows_every_tenants_changes_is_read_by_the_capture_only_and_the_capture_writes_no_table()
    {
        foreach (var role in new[] { Api, Readonly, Owner })
        {
            await using var transaction = await shops.BeginAsync(role, "jane", Cancellation);
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                await transaction.RefusalAsync("SELECT pg_create_logical_replication_slot('mine', 'pgoutput')", Cancellation));
        }

        string[] published = ["app.customers", "app.orders"], others = ["app.orders_p2025_05", "app.orders_keys", "control.tenants"];
        foreach (var (role, statements) in new[]
        {
            (Replication, published.Concat(others).Select(table => $"SELECT FROM {table}")),
            (Cdc, others.Select(table => $"SELECT FROM {table}").Concat(published.Select(table => $"DELETE FROM {table}"))),
        })
        {
            await using var transaction = await shops.BeginAsync(role, "jane", Cancellation);
            foreach (var statement in statements)
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await transaction.RefusalAsync(statement, Cancellation));
        }
    }

    private static string CustomerOf(string tenant, int id) =>
        "INSERT INTO app.customers (tenant_id, customer_id, first_name, last_name, address, city, country, email) " +
        $"VALUES ('{tenant}', {id}, 'A', 'B', 'C', 'Oslo', 'Norway', 'a@example.com')";

    private static string OrderOf(string tenant, int id, int customer) =>
        "INSERT INTO app.orders (tenant_id, order_id, customer_id, ordered_at, billing_address, billing_city, billing_country, total) " +
        $"VALUES ('{tenant}', {id}, {customer}, '2025-06-05 10:00+00', 'C', 'Oslo', 'Norway', 999)";
}
