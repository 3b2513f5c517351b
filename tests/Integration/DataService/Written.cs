using System.Text.Json.Nodes;

namespace Platform.Integration.DataService;

/// <summary>Rows without a mistake, as a caller writes them, for tests to change.</summary>
internal static class Written
{
    public static JsonObject Customer(string lastName = "Hansen") => new()
    {
        ["first_name"] = "Bjørn", ["last_name"] = lastName, ["address"] = "Ullevålsveien 14", ["city"] = "Oslo", ["country"] = "Norway",
        ["email"] = "bjorn.hansen@example.com",
    };

    public static JsonObject Order(long customer, decimal total = 9.99m) => new()
    {
        ["customer_id"] = customer, ["ordered_at"] = "2025-05-05T10:00:00Z", ["billing_address"] = "Ullevålsveien 14", ["billing_city"] = "Oslo",
        ["billing_country"] = "Norway", ["total"] = total,
    };

    public static JsonObject Product(string name = "Put The Finger On You") => new()
    {
        ["name"] = name, ["artist"] = "AC/DC", ["album"] = "For Those About To Rock", ["genre"] = "Rock", ["media_type"] = "MPEG audio file",
        ["milliseconds"] = 205662, ["bytes"] = 6713451, ["unit_price"] = 0.99m,
    };

    public static JsonObject OrderLine(long order, long product) => new()
    {
        ["order_id"] = order, ["product_id"] = product, ["unit_price"] = 0.99m, ["quantity"] = 1,
    };

    /// <summary>The row with one value changed.</summary>
    public static JsonObject With(this JsonObject row, string column, JsonNode? value)
    {
        row[column] = value;
        return row;
    }

    /// <summary>The row without a value.</summary>
    public static JsonObject Without(this JsonObject row, string column)
    {
        row.Remove(column);
        return row;
    }
}
