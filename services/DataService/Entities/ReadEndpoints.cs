using System.IO.Hashing;
using Microsoft.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Platform.Caching;
using Platform.Contracts;
using Platform.DataService.Queries;
using Platform.DataService.Storage;
using Platform.DataService.Values;
using Platform.Tenancy;

namespace Platform.DataService.Entities;

/// <summary>Reads of one entity.</summary>
internal sealed class ReadEndpoints(EntityContract entity)
{
    private const string Json = "application/json";

    public async Task<IResult> List(HttpContext http, RowStore store, Consistency consistency, CancellationToken cancellationToken)
    {
        var tenant = http.Features.GetRequiredFeature<TenantPlacement>();
        var parser = new ListQueryParser(entity);
        if (parser.Parse(http.Request.Query) is not { } query) return parser.Problem();
        if (consistency.Requested(http, out var refusal) is not { } atLeast) return refusal!;

        var read = await consistency.ReadAsync(atLeast, () => store.ListAsync(tenant, query, cancellationToken), cancellationToken);
        if (read is not { } page) return consistency.Behind(http, atLeast);

        consistency.Stamp(http, page.SeenLsn, atLeast);
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Bytes(page.Body!, Json);
    }

    public async Task<IResult> Get(
        string id, HttpContext http, RowStore store, RowCache cache, Consistency consistency, CancellationToken cancellationToken)
    {
        var tenant = http.Features.GetRequiredFeature<TenantPlacement>();
        var key = ValueReader.FromText(entity.Key, id);
        if (key.Error is not null) return ProblemResults.NotFound(entity, id);
        if (consistency.Requested(http, out var refusal) is not { } atLeast) return refusal!;

        var cacheKey = new CacheKey(tenant.Id, entity.Name, key.Value!.ToString()!);
        if (entity.Cache is { } policy && await cache.FindAsync(cacheKey, tenant.Source, atLeast, policy.TimeToLive) is { } cached)
        {
            consistency.Stamp(http, cached.SeenLsn, atLeast);
            return Row(http, cached.Body);
        }

        var read = await consistency.ReadAsync(atLeast, () => store.FindAsync(tenant, entity, key.Value, cancellationToken), cancellationToken);
        if (read is not { } found) return consistency.Behind(http, atLeast);

        consistency.Stamp(http, found.SeenLsn, atLeast);
        if (found.Body is null) return ProblemResults.NotFound(entity, id);
        if (entity.Cache is not null) await cache.FillAsync(cacheKey, tenant.Source, found.ToCachedRow(), entity.Cache.TimeToLive);
        return Row(http, found.Body);
    }

    private static IResult Row(HttpContext http, ReadOnlyMemory<byte> body)
    {
        // A client may keep the row but asks each time whether it is still the same: only the platform knows when it changes.
        http.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{XxHash3.HashToUInt64(body.Span):x16}\"");
        return Results.Bytes(body, Json, entityTag: tag);
    }
}
