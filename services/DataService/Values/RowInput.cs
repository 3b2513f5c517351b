using System.Text.Json;
using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>The columns that a request sets, as stored values, and what is wrong with them by field.</summary>
internal sealed class RowInput
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>Columns in the contract's order with their stored values; only those the caller gave.</summary>
    public List<(ColumnContract Column, object? Value)> Values { get; } = [];

    /// <summary>Errors by field name; empty when the input is valid.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    /// <summary>Reads a JSON object.</summary>
    /// <param name="entity">The entity whose columns it sets.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="complete">True when every required column must be there (a new or replaced row), false for a patch.</param>
    public static RowInput FromJson(EntityContract entity, JsonElement body, bool complete)
    {
        var input = new RowInput();
        if (body.ValueKind != JsonValueKind.Object)
        {
            input.AddError("", "The body must be one JSON object.");
            return input;
        }

        try
        {
            foreach (var property in body.EnumerateObject())
            {
                if (entity.Find(property.Name) is null) input.AddError(property.Name, UnknownColumn.Describe(entity, property.Name));
            }
        }
        catch (InvalidOperationException)
        {
            // As in values: half of a surrogate pair.
            input.AddError("", "A name in the body is no text.");
            return input;
        }

        foreach (var column in entity.Columns)
        {
            if (body.TryGetProperty(column.Name, out var json)) input.Add(column, ValueReader.FromJson(column, json));
            else if (complete && column != entity.Key) input.Add(column, ValueReader.NoValue(column));
        }

        return input;
    }

    public void Add(ColumnContract column, ColumnValue value)
    {
        if (value.Error is { } error) AddError(column.Name, $"{column.Name} {error}");
        else Values.Add((column, value.Value));
    }

    public void AddError(string field, string message) => _errors[field] = [message];

    /// <summary>Sets the key when the caller gave none.</summary>
    public void EnsureKey(EntityContract entity, KeyGenerator keys)
    {
        if (Values.Exists(v => v.Column == entity.Key) || Errors.ContainsKey(entity.Key.Name)) return;
        if (entity.Key.Generated) Values.Insert(0, (entity.Key, keys.Next(entity.Key)));
        else AddError(entity.Key.Name, $"{entity.Key.Name} is required.");
    }
}
