using System.Text.Json;
using Platform.DataService.Values;
using Xunit;

namespace Platform.Unit.DataService;

public sealed class ValueReaderTests
{
    [Theory]
    [InlineData("order_id", "12", 12L)]
    [InlineData("order_id", "1.5", null)]
    [InlineData("order_id", "\"12\"", null)]
    [InlineData("total", "9.99", 999L)]
    [InlineData("total", "5", 500L)]
    [InlineData("total", "0.001", null)]
    [InlineData("total", "-1", null)]
    [InlineData("total", "99999999999999999999", null)]
    [InlineData("country", "\"Norway\"", "Norway")]
    [InlineData("country", "\"a country too long\"", null)]
    [InlineData("country", "\"\\u0000\"", null)]
    [InlineData("country", "7", null)]
    [InlineData("code", "\"ABC\"", "ABC")]
    [InlineData("code", "\"xABCx\"", null)]
    [InlineData("paid", "true", true)]
    [InlineData("paid", "\"true\"", null)]
    [InlineData("weight", "2.5", 2.5)]
    [InlineData("weight", "10.1", null)]
    [InlineData("ordered_at", "\"tomorrow\"", null)]
    [InlineData("ordered_at", "\"12/31/2025\"", null)]
    [InlineData("due", "\"2025-02-30\"", null)]
    [InlineData("trace", "\"not-a-uuid\"", null)]
    public void Json_becomes_the_stored_value_or_an_error(string column, string json, object? stored)
    {
        using var document = JsonDocument.Parse(json);
        var read = ValueReader.FromJson(Shop.Orders.Find(column)!, document.RootElement);
        Assert.Equal(stored, read.Value);
        Assert.Equal(stored is null, read.Error is not null);
    }

    [Theory]
    [InlineData("2025-12-31T23:59:59Z", 23)]
    [InlineData("2025-12-31 23:59:59", 23)]
    [InlineData("2025-12-31T23:59:59+02:00", 21)]
    [InlineData("2025-12-31", 0)]
    public void A_time_is_utc_unless_it_names_an_offset(string text, int hour)
    {
        var read = ValueReader.FromText(Shop.Orders.Find("ordered_at")!, text);
        var time = Assert.IsType<DateTime>(read.Value);
        Assert.Equal((DateTimeKind.Utc, hour), (time.Kind, time.Hour));
    }

    [Fact]
    public void A_length_is_counted_in_characters_not_in_utf16_units() =>
        Assert.Null(ValueReader.FromText(Shop.Orders.Find("country")!, string.Concat(Enumerable.Repeat("😀", 10))).Error);

    [Fact]
    public void Every_wrong_field_of_a_row_is_named_at_once()
    {
        using var document = JsonDocument.Parse("""{ "total": "much", "colour": "red", "country": "a country too long" }""");
        var input = RowInput.FromJson(Shop.Orders, document.RootElement, complete: true);
        Assert.Equal(["colour", "country", "ordered_at", "total"], input.Errors.Keys.Order(StringComparer.Ordinal));
    }
}
