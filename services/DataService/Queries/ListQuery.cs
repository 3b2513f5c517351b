using System.Text.Json;
using Npgsql;
using Platform.Contracts;
using Platform.DataService.Storage;
using Platform.DataService.Values;

namespace Platform.DataService.Queries;

/// <summary>A page of an entity's rows: which, in what order, what of them.</summary>
internal sealed record ListQuery
{
    public required EntityContract Entity { get; init; }

    public required IReadOnlyList<Filter> Filters { get; init; }

    public required IReadOnlyList<ColumnContract> Select { get; init; }

    public required IReadOnlyList<SortKey> Order { get; init; }

    public required int Limit { get; init; }

    /// <summary>Values of the last row of the page before, in the order's columns; null for the first page.</summary>
    public required IReadOnlyList<object?>? After { get; init; }

    /// <summary>The statement for a tenant. The order's columns follow the selected ones, for the next cursor.</summary>
    public ListStatement ToSql(EntitySql sql, string tenant)
    {
        var conditions = new SqlConditions(tenant);
        foreach (var filter in Filters) conditions.Add(filter);
        if (After is not null) conditions.AddAfter(Order, After);

        var columns = EntitySql.ListOf([.. Select, .. Order.Select(k => k.Column)]);
        var order = string.Join(", ", Order.Select(OrderTerm));
        // One row more than asked for tells whether there is a next page.
        return new($"SELECT {columns} FROM {sql.Table} WHERE {conditions} ORDER BY {order} LIMIT {Limit + 1}", conditions.Parameters);
    }

    /// <summary>Writes <c>{"items": [...], "next": cursor or null}</c>.</summary>
    public async Task WritePageAsync(Utf8JsonWriter json, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var count = 0;
        string? next = null;
        string?[] last = [];
        json.WriteStartObject();
        json.WriteStartArray("items");
        while (await reader.ReadAsync(cancellationToken))
        {
            if (count++ == Limit)
            {
                next = Cursor.Format(Order, last);
                break;
            }

            RowWriter.Write(json, reader, Select);
            if (count == Limit) last = [.. Order.Select((key, i) => SortText.Format(reader, Select.Count + i, key.Column))];
        }

        json.WriteEndArray();
        json.WriteString("next", next);
        json.WriteEndObject();
    }

    private static string OrderTerm(SortKey key) =>
        EntitySql.Quote(key.Column.Name) + (key.Descending ? " DESC" : "") + (key.Column.Required || !key.Descending ? "" : " NULLS LAST");
}
