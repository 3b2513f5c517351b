using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Platform.DemoLoad.Shops;

namespace Platform.Harness;

/// <summary>
/// A shop's data of three tenants by entity, and the totals that a correct pipeline arrives at. Read from the folder named by
/// <c>SHOP_DATA</c> or from <c>shared/data/chinook</c> beside the repository; made up like the demo's shops where there is neither.
/// </summary>
public sealed class ShopData
{
    private readonly Dictionary<(string Tenant, string Entity), ShopFile> _files = [];

    private ShopData(IReadOnlyList<ShopTotals> totals) => Totals = totals;

    /// <summary>The tenants' totals.</summary>
    public IReadOnlyList<ShopTotals> Totals { get; }

    /// <summary>The entities, each after those it refers to.</summary>
    public static IReadOnlyList<string> Entities { get; } = ["customers", "products", "orders", "order_lines"];

    /// <summary>An entity's rows of one tenant.</summary>
    public ShopFile File(string tenant, string entity) => _files[(tenant, entity)];

    /// <summary>Finds or makes the data.</summary>
    public static ShopData Load()
    {
        var folder = Environment.GetEnvironmentVariable("SHOP_DATA") is { Length: > 0 } chosen
            ? chosen
            : RepositoryFolder.Beside(Path.Combine("shared", "data", "chinook"));
        return folder is null ? MakeUp() : Read(folder);
    }

    /// <summary>
    /// Three small shops with the real ones' tenants. As there, numbers of customers, orders and lines are one shop's only.
    /// </summary>
    public static ShopData MakeUp()
    {
        var shops = new[] { ("jane", 1), ("margaret", 2), ("steve", 3) }
            .Select(tenant => new ShopProfile(tenant.Item1, tenant.Item1, tenant.Item2, 20 + tenant.Item2, 40, 1.5, 100, [Country.Brazil, Country.Germany], FirstNumber: tenant.Item2 * 10_000))
            .Select(profile => new ShopMaker(profile, new DateOnly(2025, 12, 31)).Make())
            .ToList();
        var data = new ShopData(
            [.. shops.Select(shop => new ShopTotals(shop.Profile.Tenant, shop.Customers.Count, shop.Orders.Count, shop.OrderLines.Count, shop.Orders.Sum(o => o.Total)))]);
        foreach (var shop in shops)
        {
            foreach (var (entity, rows) in shop.Files) data._files[(shop.Profile.Tenant, entity)] = new("application/x-ndjson", rows);
        }

        return data;
    }

    private static ShopData Read(string folder)
    {
        var totals = ReadRows(Path.Combine(folder, "expected-totals.csv")).Rows
            .Select(r => new ShopTotals(r[0], Int(r[1]), Int(r[2]), Int(r[3]), decimal.Parse(r[4], CultureInfo.InvariantCulture)))
            .ToList();
        var data = new ShopData(totals);
        foreach (var entity in Entities)
        {
            var (header, rows) = ReadRows(Path.Combine(folder, $"{entity}.csv"));
            var tenant = Array.IndexOf(header, "tenant");
            foreach (var id in totals.Select(t => t.Tenant))
            {
                // Products are one catalogue that every tenant gets; the other files name the tenant of each row.
                var own = rows.Where(r => tenant < 0 || r[tenant] == id).Select(r => Without(r, tenant));
                data._files[(id, entity)] = new("text/csv", WriteCsv([Without(header, tenant), .. own]));
            }
        }

        return data;
    }

    private static string WriteCsv(IEnumerable<string[]> rows)
    {
        using var text = new StringWriter();
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        foreach (var row in rows)
        {
            foreach (var field in row) csv.WriteField(field);
            csv.NextRecord();
        }

        csv.Flush();
        return text.ToString();
    }

    private static (string[] Header, List<string[]> Rows) ReadRows(string file)
    {
        using var text = new StreamReader(file);
        using var csv = new CsvParser(text, CultureInfo.InvariantCulture);
        List<string[]> rows = [];
        while (csv.Read()) rows.Add(csv.Record!);
        return (rows[0], rows[1..]);
    }

    private static string[] Without(string[] fields, int index) => index < 0 ? fields : [.. fields[..index], .. fields[(index + 1)..]];

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
