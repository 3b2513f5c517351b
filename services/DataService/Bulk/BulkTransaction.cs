using Npgsql;
using NpgsqlTypes;
using Platform.Contracts;
using Platform.DataService.Errors;
using Platform.DataService.Storage;
using Platform.Replication;

namespace Platform.DataService.Bulk;

/// <summary>
/// One transaction that inserts rows in chunks. A chunk that Postgres refuses is halved until the refused rows are found, so that
/// the caller learns each of them; after that nothing can be committed any longer.
/// </summary>
internal sealed class BulkTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _tenant;
    private readonly EntityContract _entity;
    private readonly EntitySql _sql;
    private readonly string _commitToken;

    private BulkTransaction(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string tenant, EntityContract entity, EntitySql sql, string commitToken)
    {
        (_connection, _transaction, _tenant, _entity, _sql, _commitToken) = (connection, transaction, tenant, entity, sql, commitToken);
    }

    public static async Task<BulkTransaction> BeginAsync(
        NpgsqlConnection connection, string tenant, EntityContract entity, EntitySql sql, NpgsqlBatchCommand beginning, string commitToken,
        CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { beginning } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return new(connection, transaction, tenant, entity, sql, commitToken);
    }

    /// <summary>Inserts the rows and returns those that were refused, at most <paramref name="mostBadRows"/>.</summary>
    public async Task<IReadOnlyList<BadRow>> InsertAsync(
        IReadOnlyList<BulkRow> rows, int mostBadRows, CancellationToken cancellationToken)
    {
        List<BadRow> bad = [];
        await InsertAsync(rows, bad, mostBadRows, cancellationToken);
        return bad;
    }

    /// <summary>Commits and answers the token that covers it.</summary>
    public async Task<ConsistencyToken> CommitAsync(CancellationToken cancellationToken)
    {
        await _transaction.CommitAsync(cancellationToken);
        await using var command = new NpgsqlCommand(_commitToken, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await RowStore.ReadTokenAsync(reader, cancellationToken);
    }

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task InsertAsync(IReadOnlyList<BulkRow> rows, List<BadRow> bad, int mostBadRows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0 || bad.Count >= mostBadRows) return;
        const string savepoint = "chunk";
        await _transaction.SaveAsync(savepoint, cancellationToken);
        try
        {
            await using var command = Command(rows);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await _transaction.ReleaseAsync(savepoint, cancellationToken);
        }
        catch (PostgresException exception) when (PostgresErrors.IsAboutRows(exception))
        {
            await _transaction.RollbackAsync(savepoint, cancellationToken);
            if (rows.Count == 1)
            {
                var problem = PostgresErrors.Describe(exception, _entity);
                bad.Add(new(rows[0].Line, problem.Field, problem.Reason));
                return;
            }

            var half = rows.Count / 2;
            await InsertAsync([.. rows.Take(half)], bad, mostBadRows, cancellationToken);
            await InsertAsync([.. rows.Skip(half)], bad, mostBadRows, cancellationToken);
        }
    }

    private NpgsqlCommand Command(IReadOnlyList<BulkRow> rows)
    {
        var command = new NpgsqlCommand(_sql.BulkInsert, _connection, _transaction);
        command.Parameters.Add(RowStore.Text(_tenant));
        foreach (var column in _entity.Columns)
        {
            var values = new object?[rows.Count];
            for (var i = 0; i < rows.Count; i++) values[i] = rows[i].Input.Values.Find(v => v.Column == column).Value;
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = ColumnArray.Of(column.Type, values),
                NpgsqlDbType = NpgsqlDbType.Array | EntitySql.TypeOf(column),
            });
        }

        return command;
    }
}
