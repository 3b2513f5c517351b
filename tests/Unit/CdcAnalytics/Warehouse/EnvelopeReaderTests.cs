using System.Text;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Replication;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

public sealed class EnvelopeReaderTests
{
    private static readonly EntityContract Everything = new()
    {
        Name = "everything",
        Version = "1.0.0",
        Key = WarehouseFile.Id,
        Columns =
        [
            WarehouseFile.Id, Column("text", ColumnType.Text), Column("money", ColumnType.Money), Column("number", ColumnType.Number), Column("truth", ColumnType.Boolean),
            Column("day", ColumnType.Date), Column("moment", ColumnType.Timestamp), Column("uuid", ColumnType.Uuid),
        ],
    };

    [Fact]
    public void Every_type_is_read_in_whichever_order_fields_come()
    {
        var values = Read(
            """
            {"before":null,"after":{"uuid":"6a2f41a3-c54c-fce8-32d2-0324e1c32e22","moment":"2025-01-02T03:04:05.123456Z","day":20000,"truth":true,"unknown":{"a":[1]},
             "number":1.5,"money":-199,"text":"a\u00e9\"b","id":7,"tenant_id":"jane"},
             "source":{"version":"platform-1.0","name":"cdc.north","ts_us":1700000000123456,"db":"va\u0075lt","lsn":99,"nested":{"lsn":1}},"transaction":{"id":"5:123","total_order":4},"op":"c"}
            """, out var header);
        Assert.Equal(new("cdc.north/vault", new LogPosition(123, 4), 'c', 1_700_000_000_123_456, "jane"), header);
        Assert.Equal(7, values[0].Number);
        Assert.Equal("aé\"b", Encoding.UTF8.GetString(values[1].Text));
        Assert.Equal(-199, values[2].Number);
        Assert.Equal(1.5, values[3].Fraction);
        Assert.True(values[4].Truth);
        Assert.Equal(new DateOnly(2024, 10, 4), values[5].Date);
        Assert.Equal(new DateTime(2025, 1, 2, 3, 4, 5, 123, 456, DateTimeKind.Utc), values[6].Time);
        Assert.Equal(Guid.Parse("6a2f41a3-c54c-fce8-32d2-0324e1c32e22"), values[7].Uuid);
    }

    [Fact]
    public void A_field_that_is_null_or_missing_has_no_value()
    {
        var values = Read(
            """{"after":{"tenant_id":"jane","id":7,"text":null},"source":{"version":"platform-1.0","lsn":1},"transaction":{"id":"5:1","total_order":1},"op":"u"}""", out _);
        Assert.All(values[1..], value => Assert.False(value.HasValue));
    }

    [Theory]
    [InlineData("""["100","140"]""", 100)]
    [InlineData("""[null,"140"]""", 140)]
    public void Debeziums_events_stand_behind_the_commit_before_them(string sequence, ulong lsn)
    {
        Read(
            $$"""
            {"schema":{"type":"struct","fields":[{"field":"before"}]},"payload":{"before":null,"after":{"tenant_id":3,"id":7},
             "source":{"version":"3.4.0.Final","name":"cdc","db":"platform","ts_ms":1700000000123,"sequence":"{{sequence.Replace("\"", "\\\"", StringComparison.Ordinal)}}","lsn":150},
             "transaction":{"id":"5:140","total_order":2},"op":"c"} }
            """, out var header);
        Assert.Equal(new("cdc/platform", new LogPosition(lsn, 2), 'c', 1_700_000_000_123_000, "3"), header);
    }

    [Theory]
    [InlineData("no json", "invalid")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"op":"c","source":{"version":"platform-1.0"},"transaction":null}""", "names no transaction")]
    [InlineData("""{"op":"c","source":{"version":"platform-1.0"},"transaction":{"id":"5:x","total_order":1}}""", "transaction.id")]
    [InlineData("""{"op":"m","source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "no change of a row")]
    [InlineData("""{"op":"c","after":null,"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "no row after")]
    [InlineData("""{"op":"c","after":{"id":7},"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "no tenant_id")]
    [InlineData("""{"op":"c","after":{"tenant_id":"jane","id":null},"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "has no id")]
    [InlineData("""{"op":"c","after":{"tenant_id":"jane","id":"seven"},"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "value of id")]
    [InlineData("""{"op":"u","after":{"tenant_id":"jane","id":7,"text":"__debezium_unavailable_value"},"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}}""", "REPLICA IDENTITY FULL")]
    [InlineData("""{"op":"c","after":{"tenant_id":"jane","id":7},"source":{"version":"platform-1.0"},"transaction":{"id":"5:1","total_order":1}""", "")]
    public void What_is_no_event_is_refused_with_the_reason(string envelope, string reason)
    {
        var exception = Assert.Throws<EnvelopeException>(() => Read(envelope, out _));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static Cell[] Read(string envelope, out ChangeHeader header)
    {
        var values = new Cell[Everything.Columns.Count];
        header = new EnvelopeReader(Everything).Read(Encoding.UTF8.GetBytes(envelope), values);
        return values;
    }

    private static ColumnContract Column(string name, ColumnType type) => new() { Name = name, Type = type };
}
