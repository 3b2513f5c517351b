using Platform.Contracts;
using Platform.DataService.Storage;
using Platform.DataService.Values;
using Platform.Tenancy;

namespace Platform.DataService.Bulk;

/// <summary>Loads a stream of rows in one transaction: all of them or none.</summary>
internal sealed class BulkLoader(RowStore store, KeyGenerator keys)
{
    /// <summary>How many bad rows an answer names before reading ends.</summary>
    public const int MostBadRows = 20;

    private const int ChunkSize = 1000;

    public async Task<BulkResult> LoadAsync(
        TenantPlacement tenant, EntityContract entity, IAsyncEnumerable<BulkRow> rows, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginBulkAsync(tenant, entity, cancellationToken);
        List<BadRow> bad = [];
        List<BulkRow> chunk = new(ChunkSize);
        var inserted = 0L;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            row.Input.EnsureKey(entity, keys);
            if (row.Input.Errors.Count > 0)
                bad.AddRange(row.Input.Errors.Select(e => new BadRow(row.Line, e.Key.Length > 0 ? e.Key : null, e.Value[0])));
            else
                chunk.Add(row);

            if (bad.Count >= MostBadRows) break;
            if (chunk.Count == ChunkSize) await FlushAsync();
        }

        await FlushAsync();
        return bad.Count > 0
            ? new BulkResult(0, [.. bad.OrderBy(b => b.Line).Take(MostBadRows)], default)
            : new BulkResult(inserted, [], await transaction.CommitAsync(cancellationToken));

        async Task FlushAsync()
        {
            // Whatever was found wrong while reading, rows that only Postgres refuses may stand before it.
            bad.AddRange(await transaction.InsertAsync(chunk, MostBadRows, cancellationToken));
            inserted += chunk.Count;
            chunk.Clear();
        }
    }
}
