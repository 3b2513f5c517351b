using Npgsql;
using NpgsqlTypes;
using Platform.Contracts;
using Platform.DataService.Storage;

namespace Platform.DataService.Queries;

/// <summary>A WHERE clause and its parameters; the first condition is always the tenant.</summary>
internal sealed class SqlConditions
{
    private readonly List<string> _conditions = ["tenant_id = $1"];
    private readonly List<NpgsqlParameter> _parameters = [];

    public SqlConditions(string tenant) => _parameters.Add(RowStore.Text(tenant));

    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    public void Add(Filter filter)
    {
        var column = EntitySql.Quote(filter.Column.Name);
        _conditions.Add(filter.Operator switch
        {
            FilterOperator.Is => $"{column} IS {((bool)filter.Values[0] ? "" : "NOT ")}NULL",
            FilterOperator.In => $"{column} = ANY ({AddArray(filter.Column, filter.Values)})",
            var name => $"{column} {FilterOperator.Sql[name]} {AddValue(filter.Column, filter.Values[0])}",
        });
    }

    /// <summary>
    /// Only rows after the given one in the order: greater in the first column, or equal in it and greater in the second, and so on. Rows without a
    /// value come last.
    /// </summary>
    public void AddAfter(IReadOnlyList<SortKey> order, IReadOnlyList<object?> after)
    {
        List<string> alternatives = [];
        List<string> equal = [];
        for (var i = 0; i < order.Count; i++)
        {
            var column = EntitySql.Quote(order[i].Column.Name);
            if (after[i] is not { } value)
            {
                equal.Add($"{column} IS NULL");
                continue;
            }

            var parameter = AddValue(order[i].Column, value);
            var comparison = order[i].Descending ? "<" : ">";
            var beyond = $"{column} {comparison} {parameter}";
            // The planner takes this bound to the index; from the alternatives below it cannot.
            if (i == 0 && order[i].Column.Required) _conditions.Add($"{column} {comparison}= {parameter}");
            if (!order[i].Column.Required) beyond = $"({beyond} OR {column} IS NULL)";
            alternatives.Add(string.Join(" AND ", [.. equal, beyond]));
            equal.Add($"{column} = {parameter}");
        }

        _conditions.Add($"(({string.Join(") OR (", alternatives)}))");
    }

    public override string ToString() => string.Join(" AND ", _conditions);

    private string AddValue(ColumnContract column, object value)
    {
        _parameters.Add(EntitySql.Parameter(column, value));
        return $"${_parameters.Count}";
    }

    private string AddArray(ColumnContract column, IReadOnlyList<object> values)
    {
        var type = values[0].GetType();
        var array = Array.CreateInstance(type, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(values[i], i);
        _parameters.Add(new NpgsqlParameter { Value = array, NpgsqlDbType = NpgsqlDbType.Array | EntitySql.TypeOf(column) });
        return $"${_parameters.Count}";
    }
}
