using System.Text.Json;
using Npgsql;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.DataService.Bulk;
using Platform.DataService.Storage;
using Platform.DataService.Values;
using Platform.Tenancy;

namespace Platform.DataService.Entities;

/// <summary>Writes of one entity.</summary>
internal sealed class WriteEndpoints(EntityContract entity)
{
    private const int MostAttempts = 3;

    public async Task<IResult> Create(
        JsonElement body, HttpContext http, RowStore store, KeyGenerator keys, Consistency consistency, CancellationToken cancellationToken)
    {
        var tenant = http.Features.GetRequiredFeature<TenantPlacement>();
        for (var attempt = 1; ; attempt++)
        {
            var input = RowInput.FromJson(entity, body, complete: true);
            var generates = !input.Values.Exists(v => v.Column == entity.Key);
            input.EnsureKey(entity, keys);
            if (input.Errors.Count > 0) return ProblemResults.Invalid(input);
            try
            {
                var written = await store.InsertAsync(tenant, entity, input, cancellationToken);
                consistency.Stamp(http, written.Token);
                http.Response.Headers.Location = $"/data/{entity.Name}/{input.Values.Find(v => v.Column == entity.Key).Value}";
                return Row(written.Body!, StatusCodes.Status201Created);
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.UniqueViolation && generates && attempt < MostAttempts)
            {
                // Two generated keys met; the next one differs.
            }
        }
    }

    public async Task<IResult> Put(
        string id, JsonElement body, HttpContext http, RowStore store, Consistency consistency, CancellationToken cancellationToken)
    {
        if (Read(id, body, complete: true, out var key, out var input) is { } refusal) return refusal;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var written = await store.PutAsync(http.Features.GetRequiredFeature<TenantPlacement>(), entity, key, input, cancellationToken);
                consistency.Stamp(http, written.Token);
                return Row(written.Body!, written.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && attempt < MostAttempts)
            {
                // Another caller created the row at the same moment; now there is one to replace.
            }
        }
    }

    public async Task<IResult> Patch(
        string id, JsonElement body, HttpContext http, RowStore store, Consistency consistency, CancellationToken cancellationToken)
    {
        if (Read(id, body, complete: false, out var key, out var input) is { } refusal) return refusal;
        if (input.Values.TrueForAll(v => v.Column == entity.Key)) return ProblemResults.Invalid("", "The body sets no column.");
        var written = await store.UpdateAsync(http.Features.GetRequiredFeature<TenantPlacement>(), entity, key, input, cancellationToken);
        consistency.Stamp(http, written.Token);
        return written.Body is { } row ? Row(row, StatusCodes.Status200OK) : ProblemResults.NotFound(entity, id);
    }

    public async Task<IResult> Delete(
        string id, HttpContext http, RowStore store, Consistency consistency, CancellationToken cancellationToken)
    {
        var key = ValueReader.FromText(entity.Key, id);
        if (key.Error is not null) return ProblemResults.NotFound(entity, id);
        var written = await store.DeleteAsync(http.Features.GetRequiredFeature<TenantPlacement>(), entity, key.Value!, cancellationToken);
        consistency.Stamp(http, written.Token);
        return written.Body is null ? ProblemResults.NotFound(entity, id) : TypedResults.NoContent();
    }

    public async Task<IResult> Bulk(
        HttpContext http, BulkLoader loader, Consistency consistency, CancellationToken cancellationToken)
    {
        var format = http.Request.ContentType?.Split(';')[0].Trim();
        var rows = format switch
        {
            BulkFormat.Csv => BulkFormat.ReadCsv(entity, http.Request.Body, cancellationToken),
            BulkFormat.NdJson => BulkFormat.ReadNdJson(entity, http.Request.Body, cancellationToken),
            _ => null,
        };
        if (rows is null)
        {
            return TypedResults.Problem(
                $"Send {BulkFormat.Csv} with a header line, or {BulkFormat.NdJson}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var result = await loader.LoadAsync(http.Features.GetRequiredFeature<TenantPlacement>(), entity, rows, cancellationToken);
            if (result.BadRows.Count > 0)
            {
                return TypedResults.Problem(
                    $"Nothing was loaded. The first {result.BadRows.Count} bad rows are named in badRows; mend them and send the whole file again.",
                    statusCode: StatusCodes.Status400BadRequest,
                    extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["badRows"] = result.BadRows });
            }

            consistency.Stamp(http, result.Token);
            return TypedResults.Ok(new { result.Inserted });
        }
        catch (BulkHeaderException exception)
        {
            return ProblemResults.Invalid(exception.Field, exception.Message);
        }
    }

    private ValidationProblem? Read(string id, JsonElement body, bool complete, out object key, out RowInput input)
    {
        input = RowInput.FromJson(entity, body, complete);
        var read = ValueReader.FromText(entity.Key, id);
        key = read.Value!;
        if (read.Error is { } error) return ProblemResults.Invalid(entity.Key.Name, $"{entity.Key.Name} {error}");
        var given = input.Values.Find(v => v.Column == entity.Key);
        if (given.Column is not null && !Equals(given.Value, key))
            input.AddError(entity.Key.Name, $"{entity.Key.Name} must be {id}, as in the path, or be left out.");
        return input.Errors.Count > 0 ? ProblemResults.Invalid(input) : null;
    }

    private static RowResult Row(byte[] body, int status) => new RowResult(body, status);

    private sealed class RowResult(byte[] body, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json";
            httpContext.Response.ContentLength = body.Length;
            return httpContext.Response.Body.WriteAsync(body, 0, body.Length, httpContext.RequestAborted);
        }
    }
}
