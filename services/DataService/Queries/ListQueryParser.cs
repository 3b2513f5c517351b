using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.DataService.Values;

namespace Platform.DataService.Queries;

/// <summary>
/// Reads <c>?country=eq.Germany&amp;total=gt.500&amp;select=..&amp;order=-ordered_at&amp;limit=50&amp;cursor=..</c>; every mistake is named by
/// its field, none is ignored.
/// </summary>
internal sealed class ListQueryParser(EntityContract entity)
{
    private const int DefaultLimit = 50, LargestLimit = 1000, MostInValues = 200;

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public ListQuery? Parse(IQueryCollection query)
    {
        List<Filter> filters = [];
        IReadOnlyList<ColumnContract> select = entity.Columns;
        List<SortKey> order = [];
        var limit = DefaultLimit;
        string? cursor = null;
        foreach (var (name, values) in query)
        {
            switch (name)
            {
                case "select": select = ParseSelect(values.ToString()); break;
                case "order": order = ParseOrder(values.ToString()); break;
                case "limit": limit = ParseLimit(values.ToString()); break;
                case "cursor": cursor = values.ToString(); break;
                default: ParseFilters(name, values, filters); break;
            }
        }

        // The key last makes the order total, so that a page begins exactly where the last one ended.
        if (!order.Exists(k => k.Column == entity.Key)) order.Add(new(entity.Key, Descending: false));
        IReadOnlyList<object?>? after = null;
        if (cursor is not null && !Cursor.TryParse(cursor, order, out after))
            _errors["cursor"] = ["The cursor does not belong to this order; leave it out to begin with the first page."];

        return _errors.Count > 0 ? null : new ListQuery { Entity = entity, Filters = filters, Select = select, Order = order, Limit = limit, After = after };
    }

    public ValidationProblem Problem() => TypedResults.ValidationProblem(_errors.ToDictionary(StringComparer.Ordinal));

    private List<ColumnContract> ParseSelect(string text)
    {
        List<ColumnContract> columns = [];
        foreach (var name in Split(text))
        {
            if (entity.Find(name) is { } column) columns.Add(column);
            else _errors["select"] = [UnknownColumn.Describe(entity, name)];
        }

        if (columns.Count == 0 && !_errors.ContainsKey("select")) _errors["select"] = ["select names no column."];
        return columns;
    }

    private List<SortKey> ParseOrder(string text)
    {
        List<SortKey> keys = [];
        foreach (var part in Split(text))
        {
            var descending = part[0] == '-';
            var name = descending ? part[1..] : part;
            if (entity.Find(name) is not { } column) _errors["order"] = [UnknownColumn.Describe(entity, name)];
            else if (keys.Exists(k => k.Column == column)) _errors["order"] = [$"order names {name} twice."];
            else keys.Add(new(column, descending));
        }

        return keys;
    }

    private int ParseLimit(string text)
    {
        if (int.TryParse(text, out var limit) && limit is >= 1 and <= LargestLimit) return limit;
        _errors["limit"] = [$"limit must be a whole number from 1 to {LargestLimit}; follow next for more rows."];
        return DefaultLimit;
    }

    private void ParseFilters(string name, IEnumerable<string?> conditions, List<Filter> filters)
    {
        if (entity.Find(name) is not { } column)
        {
            _errors[name] = [UnknownColumn.Describe(entity, name)];
            return;
        }

        foreach (var condition in conditions)
        {
            var dot = condition?.IndexOf('.', StringComparison.Ordinal) ?? -1;
            var @operator = dot < 0 ? "" : condition![..dot];
            var operand = dot < 0 ? "" : condition![(dot + 1)..];
            if (ParseFilter(column, @operator, operand) is { } filter) filters.Add(filter);
        }
    }

    private Filter? ParseFilter(ColumnContract column, string @operator, string operand)
    {
        switch (@operator)
        {
            case FilterOperator.Is when operand is "null" or "notnull":
                return new(column, @operator, [operand == "null"]);
            case FilterOperator.In when operand is ['(', .., ')']:
                var texts = Split(operand[1..^1]);
                if (texts.Length is 0 or > MostInValues) break;
                var values = texts.Select(text => ReadOperand(column, text)).ToList();
                return values.Contains(null) ? null : new(column, @operator, values!);
            case var known when FilterOperator.Sql.ContainsKey(known):
                return ReadOperand(column, operand) is { } value ? new(column, @operator, [value]) : null;
        }

        _errors[column.Name] = [$"Write a filter as {column.Name}=<operator>.<value>; operators are {FilterOperator.Names}."];
        return null;
    }

    private object? ReadOperand(ColumnContract column, string text)
    {
        // Limits are for what is stored; one may well look for what is outside them.
        var value = ValueReader.FromText(column with { MaxLength = null, Pattern = null, Minimum = null, Maximum = null }, text);
        if (value.Error is { } error) _errors[column.Name] = [$"{column.Name} {error}"];
        return value.Value;
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
