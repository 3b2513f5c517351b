using System.Text;

namespace Platform.Benchmarks.Warehouse;

/// <summary>Change events of made-up orders as capture writes them, in the log's order.</summary>
internal sealed class OrderEvents(int seed)
{
    private static readonly string[] Tenants = ["jane", "margaret", "steve", "acme", "contoso"];
    private static readonly string[] Countries = ["Norway", "Brazil", "Germany", "Canada", "India", "Chile", "France"];

    private readonly Random _random = new(seed);
    private ulong _lsn = 1_000_000;

    /// <summary>Half of them create an order, the others change one or (one in ten of all) delete one.</summary>
    public byte[][] Mixed(int count)
    {
        var events = new byte[count][];
        var created = 0;
        for (var i = 0; i < count; i++)
        {
            var dice = created < 100 ? 0 : _random.Next(10);
            events[i] = dice switch { < 5 => Event('c', created++), < 9 => Event('u', _random.Next(created)), _ => Event('d', _random.Next(created)) };
        }

        return events;
    }

    public byte[][] Creates(int count) => [.. Enumerable.Range(0, count).Select(i => Event('c', i))];

    /// <summary>Updates of so many different orders.</summary>
    public byte[][] Updates(int count, int orders)
    {
        var (start, step) = (_random.Next(orders), (orders / count) | 1);
        return [.. Enumerable.Range(0, count).Select(i => Event('u', (int)((start + ((long)i * step)) % orders)))];
    }

    private byte[] Event(char operation, int order)
    {
        _lsn += 200;
        var row = $$"""
            {"tenant_id":"{{Tenants[order % Tenants.Length]}}","order_id":{{order}},"customer_id":{{order % 5000}},"ordered_at":"2025-{{(order % 12) + 1:00}}-{{(order % 28) + 1:00}}T10:20:30.123456Z","billing_address":"{{order % 90}} Long Street","billing_city":"Somewhere","billing_state":null,"billing_country":"{{Countries[order % Countries.Length]}}","billing_postal_code":"0171","total":{{_random.Next(100_000)}}}
            """;
        var (before, after) = operation switch { 'c' => ("null", row), 'u' => (row, row), _ => (row, "null") };
        return Encoding.UTF8.GetBytes(
            $$"""
            {"before":{{before}},"after":{{after}},"source":{"version":"platform-1.0","connector":"postgresql","name":"cdc","ts_ms":{{_lsn}},"snapshot":"false","db":"platform","sequence":"[\"{{_lsn - 100}}\",\"{{_lsn}}\"]","ts_us":{{_lsn}}000,"ts_ns":{{_lsn}}000000,"schema":"app","table":"orders","txId":7,"lsn":{{_lsn}},"xmin":null},"transaction":{"id":"7:{{_lsn}}","total_order":1,"data_collection_order":1},"op":"{{operation}}","ts_ms":1,"ts_us":1,"ts_ns":1}
            """);
    }
}
