using System.Globalization;

namespace Platform.Harness;

/// <summary>A made-up shop for machines without the real one: the same three tenants, other rows, totals counted on the way.</summary>
internal static class MadeUpShop
{
    private static readonly string[] Countries = ["Germany", "France", "Brazil", "Canada", "Norway"];

    public static ShopData Make(Func<IReadOnlyList<ShopTotals>, IReadOnlyDictionary<(string Tenant, string Entity), string>, ShopData> create)
    {
        List<ShopTotals> totals = [];
        Dictionary<(string Tenant, string Entity), string> csv = [];
        foreach (var (tenant, seed) in new[] { ("jane", 1), ("margaret", 2), ("steve", 3) })
        {
            var shop = new Shop(new Random(seed), 17 + seed);
            foreach (var (entity, rows) in shop.Tables) csv[(tenant, entity)] = ShopData.WriteCsv(rows);
            totals.Add(new(tenant, shop.Customers, shop.Orders, shop.Lines, shop.Revenue));
        }

        return create(totals, csv);
    }

    private sealed class Shop
    {
        private const int Products = 40;

        public Shop(Random random, int customers)
        {
            List<string[]> customerRows = [["customer_id", "first_name", "last_name", "country", "email"]];
            List<string[]> productRows = [["product_id", "name", "media_type", "milliseconds", "unit_price"]];
            List<string[]> orderRows = [["order_id", "customer_id", "ordered_at", "billing_country", "total"]];
            List<string[]> lineRows = [["order_line_id", "order_id", "product_id", "unit_price", "quantity"]];
            for (var p = 1; p <= Products; p++) productRows.Add([Text(p), $"Song {p}", "MPEG audio file", Text(random.Next(60_000, 400_000)), PriceOf(p)]);
            for (var c = 1; c <= customers; c++)
            {
                var country = Countries[random.Next(Countries.Length)];
                customerRows.Add([Text(c), $"First{c}", $"Last, {c}", country, $"customer{c}@example.com"]);
                for (var o = 0; o < 7; o++)
                {
                    Orders++;
                    var total = 0m;
                    for (var l = random.Next(1, 9); l > 0; l--)
                    {
                        var product = random.Next(1, Products + 1);
                        lineRows.Add([Text(++Lines), Text(Orders), Text(product), PriceOf(product), "1"]);
                        total += decimal.Parse(PriceOf(product), CultureInfo.InvariantCulture);
                    }

                    var at = new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(1800));
                    orderRows.Add([Text(Orders), Text(c), at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), country, total.ToString(CultureInfo.InvariantCulture)]);
                    Revenue += total;
                }
            }

            Customers = customers;
            Tables = [("customers", customerRows), ("products", productRows), ("orders", orderRows), ("order_lines", lineRows)];
        }

        public int Customers { get; }

        public int Orders { get; }

        public int Lines { get; }

        public decimal Revenue { get; }

        public IReadOnlyList<(string Entity, List<string[]> Rows)> Tables { get; }

        private static string PriceOf(int product) => product % 7 == 0 ? "1.99" : "0.99";

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
