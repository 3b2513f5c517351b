using Npgsql.Replication.PgOutput.Messages;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// A table as the log described it before a change of it. Copied from the message, which Npgsql reuses.
/// </summary>
internal sealed class CapturedRelation
{
    private const string TenantColumn = "tenant_id";

    public CapturedRelation(RelationMessage message, ContractSet contracts)
    {
        Schema = message.Namespace;
        Table = message.RelationName;
        Topic = ChangeTopics.NameOf(Schema, Table);
        Columns = [.. message.Columns.Select(c => new CapturedColumn(c.ColumnName, c.DataTypeId))];
        var key = contracts.Find(Table)?.Key.Name;
        Key = [.. Enumerable.Range(0, Columns.Count).Where(i => Columns[i].Name == TenantColumn || Columns[i].Name == key)];
    }

    public string Schema { get; }

    public string Table { get; }

    /// <summary>The topic of its changes.</summary>
    public string Topic { get; }

    public IReadOnlyList<CapturedColumn> Columns { get; }

    /// <summary>Ordinals of the columns that identify a row: the tenant's and the contract's key.</summary>
    public IReadOnlyList<int> Key { get; }
}
