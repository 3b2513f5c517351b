using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>Reads rows of an entity as change events have them. Not thread-safe.</summary>
internal sealed class RowReader
{
    // More tenants than this are not kept; their names are then made anew for each row.
    private const int MostTenants = 10_000;

    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    private readonly EntityContract _entity;
    private readonly byte[][] _names;
    private readonly int _key;
    private readonly HashSet<string> _tenants = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _knownTenants;

    public RowReader(EntityContract entity)
    {
        _entity = entity;
        _names = [.. entity.Columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        _key = entity.Columns.ToList().IndexOf(entity.Key);
        _knownTenants = _tenants.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads a row.</summary>
    /// <param name="envelope">The event.</param>
    /// <param name="start">Where the row's object begins in it.</param>
    /// <param name="values">Gets the row's values in the contract's order; texts are parts of the event.</param>
    /// <returns>The row's tenant.</returns>
    public string Read(byte[] envelope, int start, Span<Cell> values)
    {
        values.Clear();
        var reader = new Utf8JsonReader(envelope.AsSpan(start));
        reader.Read();
        string? tenant = null;
        // Fields come in the table's order, which is the contract's but for columns that were added later: the next one is looked for first.
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = ColumnAt(ref reader, next);
            if (column < 0)
            {
                if (reader.ValueTextEquals("tenant_id"u8)) tenant = TenantAt(ref reader);
                else reader.Skip();
                continue;
            }

            next = column + 1;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) values[column] = Value(envelope, start, ref reader, _entity.Columns[column]);
        }

        if (string.IsNullOrEmpty(tenant)) throw new FormatException("the row has no tenant_id");
        return values[_key].HasValue ? tenant : throw new FormatException($"the row has no {_entity.Key.Name}");
    }

    private int ColumnAt(ref Utf8JsonReader reader, int expected)
    {
        if (expected < _names.Length && reader.ValueTextEquals(_names[expected])) return expected;
        for (var i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i])) return i;
        }

        return -1;
    }

    private string? TenantAt(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.Number) return Encoding.ASCII.GetString(reader.ValueSpan);
        Span<char> name = stackalloc char[64];
        if (reader.ValueSpan.Length > name.Length) return reader.GetString();
        name = name[..reader.CopyString(name)];
        if (_knownTenants.TryGetValue(name, out var known)) return known;
        var tenant = name.ToString();
        if (_tenants.Count < MostTenants) _tenants.Add(tenant);
        return tenant;
    }

    private static Cell Value(byte[] envelope, int start, ref Utf8JsonReader reader, ColumnContract column)
    {
        try
        {
            return column.Type switch
            {
                ColumnType.Text => TextAt(envelope, start, ref reader, column),
                ColumnType.Integer or ColumnType.Money => Cell.Of(reader.GetInt64()),
                ColumnType.Number => Cell.Of(reader.TokenType == JsonTokenType.String ? double.Parse(reader.GetString()!) : reader.GetDouble()),
                ColumnType.Boolean => Cell.Of(reader.GetBoolean()),
                ColumnType.Date => Cell.Of(DateOnly.FromDayNumber(EpochDay + reader.GetInt32())),
                ColumnType.Timestamp => Cell.Of(reader.GetDateTimeOffset().UtcDateTime),
                ColumnType.Uuid => Cell.Of(reader.GetGuid()),
                _ => throw new InvalidOperationException($"column type {column.Type} has no form in the warehouse"),
            };
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"the value of {column.Name} is not of type {column.Type}: {exception.Message}", exception);
        }
    }

    private static Cell TextAt(byte[] envelope, int start, ref Utf8JsonReader reader, ColumnContract column)
    {
        if (reader.ValueTextEquals("__debezium_unavailable_value"u8))
            throw new FormatException($"it lacks the value of {column.Name}, which did not change; the table needs REPLICA IDENTITY FULL");
        if (reader.TokenType != JsonTokenType.String) throw new FormatException($"it is a {reader.TokenType}");
        if (!reader.ValueIsEscaped)
        {
            return Utf8.IsValid(reader.ValueSpan)
                ? Cell.Of(envelope, start + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length) : throw new FormatException("it is no valid UTF-8");
        }

        var text = new byte[reader.ValueSpan.Length];
        return Cell.Of(text, 0, reader.CopyString(text));
    }
}
