using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Warehouse;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Tables;

/// <summary>
/// Works out what the log and Postgres' catalogue together say of a table. The log describes a table as it was at a change; of what it leaves out,
/// keys and defaults, the catalogue knows the present state only, which is the same but for the moments around a DDL statement.
/// </summary>
internal sealed partial class TableCatalogue(
    string databaseName, NpgsqlDataSource database, ContractSet contracts, ChangeProducer producer, CaptureOptions options)
{
    private const string TenantColumn = "tenant_id";

    private static readonly string TypesQuery = SqlFile.Read("Tables/types.sql"), ColumnsQuery = SqlFile.Read("Tables/columns.sql");

    /// <summary>The same of tables whose rows another producer sends.</summary>
    public TableCatalogue For(ChangeProducer other) => new(databaseName, database, contracts, other, options);

    /// <exception cref="NpgsqlException">The catalogue cannot be read.</exception>
    public async Task<CapturedTable> DescribeAsync(LogRelation relation, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(TypesQuery) { Parameters = { new() { Value = relation.Columns.Select(c => c.TypeOid).Distinct().ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } } });
        batch.BatchCommands.Add(new(ColumnsQuery) { Parameters = { new() { Value = relation.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var types = new Dictionary<uint, PostgresType>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var type = new PostgresType(
                reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetChar(2), reader.GetFieldValue<uint>(3), reader.GetFieldValue<uint>(4),
                reader.GetInt32(5), (byte)reader.GetString(6)[0], reader.GetFieldValue<string[]>(7));
            types[type.Oid] = type;
        }

        await reader.NextResultAsync(cancellationToken);
        var known = new Dictionary<string, (bool IsRequired, string? Default, int KeyPlace)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            known[reader.GetString(0)] = (reader.GetBoolean(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2), reader.GetInt32(3));
        return Create(relation, types, known);
    }

    private CapturedTable Create(
        LogRelation relation, Dictionary<uint, PostgresType> types, Dictionary<string, (bool IsRequired, string? Default, int KeyPlace)> known)
    {
        var columns = relation.Columns.Select(column =>
        {
            var writer = ValueWriters.Of(column.TypeOid, column.Modifier, types);
            var (isRequired, expression, _) = known.GetValueOrDefault(column.Name);
            return new CapturedColumn(column.Name, writer, isRequired, Constant(expression, writer));
        }).ToArray();
        var contract = relation.Schema == ChangeTopics.Schema ? contracts.Find(relation.Name) : null;
        var key = KeyOf(relation, contract, known);
        return new CapturedTable
        {
            Oid = relation.Oid,
            Schema = relation.Schema,
            Name = relation.Name,
            QualifiedName = $"{relation.Schema}.{relation.Name}",
            Topic = producer.Topic($"{options.TopicPrefix}.{relation.Schema}.{relation.Name}"),
            Columns = columns,
            Key = key,
            TenantOrdinal = Array.FindIndex(columns, column => column.Name == TenantColumn),
            ContractVersion = contract is null ? [] : Encoding.UTF8.GetBytes($"{contract.Name}/{contract.Version}"),
            Parts = new EnvelopeParts(options.SourceName, databaseName, relation.Schema, relation.Name, columns, key, options.WithSchemas),
        };
    }

    // A contract's key with the tenant; for other tables the primary key.
    private static int[] KeyOf(
        LogRelation relation, EntityContract? contract, Dictionary<string, (bool IsRequired, string? Default, int KeyPlace)> known)
    {
        var all = Enumerable.Range(0, relation.Columns.Count);
        return contract is not null
            ? [.. all.Where(i => relation.Columns[i].Name is var name && (name == TenantColumn || name == contract.Key.Name))]
            : [.. all.Where(i => known.GetValueOrDefault(relation.Columns[i].Name, (false, null, -1)).Item3 >= 0)];
    }

    /// <summary>A default that is a constant, as JSON; null for one that Postgres works out anew for each row.</summary>
    private static string? Constant(string? expression, ValueWriter writer)
    {
        if (expression is null || Literal().Match(expression) is not { Success: true } match) return null;
        var text = match.Groups["text"] is { Success: true } quoted ? quoted.Value.Replace("''", "'", StringComparison.Ordinal) : match.Groups["plain"].Value;
        var json = new JsonBuffer(256);
        writer.Write(json, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(json.Written);
    }

    [GeneratedRegex(@"^\(?(?:'(?<text>(?:[^']|'')*)'(?:::[\w "".\[\](),]+)?|(?<plain>-?[0-9.]+|true|false))\)?(?:::[\w "".]+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();
}
