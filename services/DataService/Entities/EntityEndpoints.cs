using Microsoft.AspNetCore.Http.Metadata;
using Platform.Contracts;
using Platform.DataService.Bulk;
using Platform.DataService.Values;
using Platform.ServiceDefaults.Identity;

namespace Platform.DataService.Entities;

/// <summary>The tenants' data API: the same routes for every entity that has a contract.</summary>
internal static class EntityEndpoints
{
    public static void AddEntities(this IServiceCollection services)
    {
        services.AddSingleton<Consistency>();
        services.AddSingleton<KeyGenerator>();
        services.AddSingleton<BulkLoader>();
    }

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        foreach (var entity in routes.ServiceProvider.GetRequiredService<ContractSet>().Entities) routes.MapEntity(entity);
    }

    private static void MapEntity(this IEndpointRouteBuilder routes, EntityContract entity)
    {
        var rows = routes.MapGroup($"/data/{entity.Name}")
            .WithTags(entity.Name)
            .WithMetadata(entity)
            .RequireAuthorization(Policies.Tenant)
            .AddEndpointFilter<TenantFilter>();

        var reads = new ReadEndpoints(entity);
        rows.MapGet("", reads.List).WithName($"List_{entity.Name}").WithSummary($"Lists {entity.Name}");
        rows.MapGet("/{id}", reads.Get).WithName($"Get_{entity.Name}").WithSummary($"One row of {entity.Name}");

        var writes = new WriteEndpoints(entity);
        var changes = rows.MapGroup("").AddEndpointFilter<WriteFilter>();
        changes.MapPost("", writes.Create).WithName($"Create_{entity.Name}").WithSummary($"Creates a row of {entity.Name}");
        changes.MapPut("/{id}", writes.Put).WithName($"Put_{entity.Name}").WithSummary($"Replaces or creates a row of {entity.Name}");
        changes.MapPatch("/{id}", writes.Patch).WithName($"Patch_{entity.Name}").WithSummary($"Changes columns of a row of {entity.Name}");
        changes.MapDelete("/{id}", writes.Delete).WithName($"Delete_{entity.Name}").WithSummary($"Removes a row of {entity.Name}");
        changes.MapPost("/bulk", writes.Bulk)
            .WithName($"Bulk_{entity.Name}").WithSummary($"Loads many rows of {entity.Name} in one transaction: all or none")
            .WithMetadata(new UnlimitedBody());
    }

    // A bulk load is streamed and never held in memory, so its size needs no limit of its own.
    private sealed class UnlimitedBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}
