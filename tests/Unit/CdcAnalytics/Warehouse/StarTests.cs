using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>The star schema that follows from contracts: lines of orders of customers.</summary>
public sealed class StarTests : IDisposable
{
    private static readonly ColumnContract CustomerId = Integer("customer_id"), OrderId = Integer("order_id"), LineId = Integer("line_id");

    private static readonly ContractSet Contracts = new(
    [
        new() { Name = "customers", Version = "1.0.0", Domain = "sales", Key = CustomerId, Columns = [CustomerId, new() { Name = "country", Type = ColumnType.Text }] },
        new()
        {
            Name = "orders", Version = "1.0.0", Domain = "sales", Key = OrderId, Columns = [OrderId, CustomerId, new() { Name = "ordered_at", Type = ColumnType.Timestamp }],
            References = [new("customer_id", "customers", "customer_id")], Analytics = new("order_id", "ordered_at", []),
        },
        new()
        {
            Name = "lines", Version = "1.0.0", Domain = "sales", Key = LineId,
            Columns = [LineId, OrderId, Integer("quantity"), new() { Name = "price", Type = ColumnType.Money, Scale = 2 }], References = [new("order_id", "orders", "order_id")],
        },
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-star-");
    private readonly WarehouseStore _store;

    public StarTests()
    {
        _store = new(Contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = Path.Combine(_folder.FullName, "warehouse.duckdb") }));
        Run("""
            INSERT INTO history.customers (tenant_id, customer_id, country, _commit_lsn, _ordinal, _operation, _to_lsn, _to_ordinal, _to_operation) VALUES ('jane', 1, 'Norway', 10, 1, 'c', 30, 1, 'u');
            INSERT INTO customers (tenant_id, customer_id, country, _commit_lsn, _ordinal, _operation) VALUES ('jane', 1, 'Chile', 30, 1, 'u'), ('steve', 1, 'India', 5, 1, 'c');
            INSERT INTO orders (tenant_id, order_id, customer_id, ordered_at, _commit_lsn, _ordinal, _operation) VALUES ('jane', 1, 1, '2025-02-03 10:00', 20, 1, 'c'), ('jane', 2, 1, '2025-02-04', 40, 1, 'c');
            INSERT INTO lines (tenant_id, line_id, order_id, quantity, price, _commit_lsn, _ordinal, _operation) VALUES
                ('jane', 1, 1, 3, 150, 20, 2, 'c'), ('jane', 2, 2, 2, 250, 40, 2, 'c'), ('jane', 3, 2, 1, 99, 40, 3, 'c');
            """);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_fact_has_its_dimensions_as_they_were_when_it_was_written() => Assert.Equal(
        ["1 Norway 2025-02-03 4.5", "2 Chile 2025-02-04 5", "3 Chile 2025-02-04 0.99"],
        Read("""
            SELECT f.line_id, c.country, strftime(d.date, '%Y-%m-%d'), f.price_x_quantity
            FROM star.fact_lines AS f JOIN star.dim_customers AS c ON c._sk = f._customers_sk JOIN star.dim_date AS d ON d.date_key = f._date_key ORDER BY f.line_id
            """));

    [Fact]
    public void Joining_dimensions_neither_loses_nor_doubles_a_row() => Assert.Equal(["3 10.49"], Read("SELECT sum(_rows), sum(price_x_quantity) FROM star.fact_lines"));

    [Fact]
    public void Each_version_has_a_key_of_its_own_that_stays() =>
        Assert.Equal(["3 3"], Read("SELECT count(*), count(DISTINCT _sk) FROM star.dim_customers WHERE _sk IS NOT NULL"));

    [Fact]
    public void Each_domain_has_its_views_and_a_restart_makes_them_again()
    {
        Assert.Equal(["dim_customers", "dim_date", "dim_orders", "fact_lines", "fact_orders"], Views());
        _store.Dispose();
        using var again = new WarehouseStore(Contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = Path.Combine(_folder.FullName, "warehouse.duckdb") }));
        using var connection = again.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM mart_sales.fact_lines";
        Assert.Equal(3L, command.ExecuteScalar());
    }

    private IReadOnlyList<string> Views() => Read("SELECT view_name FROM duckdb_views() WHERE schema_name = 'mart_sales' ORDER BY view_name");

    private static ColumnContract Integer(string name) => new() { Name = name, Type = ColumnType.Integer, Required = true };

    private void Run(string sql) => _store.InTransaction(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    });

    private List<string> Read(string sql)
    {
        using var connection = _store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        return rows;
    }
}
