using Microsoft.AspNetCore.Http.HttpResults;
using Platform.SchemaService.Control;
using Platform.SchemaService.Directory;
using Platform.ServiceDefaults.Identity;
using Platform.Tenancy;

namespace Platform.SchemaService.Tenants;

/// <summary>Creation, suspension and removal of tenants, for operators.</summary>
internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapGroup("/tenants")
            .WithTags("Tenants")
            .AddEndpointFilter<ControlFilter>()
            .RequireAuthorization(Policies.Operator);
        tenants.MapGet("/", GetAll).WithName("GetTenants");
        tenants.MapPost("/", Create).WithName("CreateTenant");
        tenants.MapGet("/{id}", Get).WithName("GetTenant");
        tenants.MapPost("/{id}/suspend", Suspend).WithName("SuspendTenant");
        tenants.MapPost("/{id}/resume", Resume).WithName("ResumeTenant");
        tenants.MapDelete("/{id}", Delete).WithName("DeleteTenant");
    }

    private static async Task<Ok<IReadOnlyList<TenantPlacement>>> GetAll(DirectoryReader directory, CancellationToken cancellationToken) =>
        TypedResults.Ok((await directory.ReadAsync(cancellationToken)).Tenants);

    private static async Task<Results<Ok<TenantPlacement>, ProblemHttpResult>> Get(
        string id, DirectoryReader directory, CancellationToken cancellationToken) =>
        (await directory.ReadAsync(cancellationToken)).Find(id) is { } tenant ? TypedResults.Ok(tenant) : Unknown(id);

    private static async Task<Results<Created<TenantPlacement>, ValidationProblem, ProblemHttpResult>> Create(
        NewTenant request, TenantStore tenants, ILogger<TenantStore> logger, CancellationToken cancellationToken)
    {
        if (request.Validate() is { Count: > 0 } errors) return TypedResults.ValidationProblem(errors);
        if (await tenants.CreateAsync(request.Id!, request.Name!.Trim(), cancellationToken) is not { } tenant)
            return TypedResults.Problem($"There is a tenant '{request.Id}' already.", statusCode: StatusCodes.Status409Conflict);
        logger.Created(tenant.Id);
        return TypedResults.Created($"/tenants/{tenant.Id}", tenant);
    }

    private static Task<Results<Ok<TenantPlacement>, ProblemHttpResult>> Suspend(
        string id, TenantStore tenants, ILogger<TenantStore> logger, CancellationToken cancellationToken) =>
        SetStatus(id, TenantStatus.Suspended, tenants, logger, cancellationToken);

    private static Task<Results<Ok<TenantPlacement>, ProblemHttpResult>> Resume(
        string id, TenantStore tenants, ILogger<TenantStore> logger, CancellationToken cancellationToken) =>
        SetStatus(id, TenantStatus.Active, tenants, logger, cancellationToken);

    private static async Task<Results<Ok<TenantPlacement>, ProblemHttpResult>> SetStatus(
        string id, TenantStatus status, TenantStore tenants, ILogger<TenantStore> logger, CancellationToken cancellationToken)
    {
        if (await tenants.SetStatusAsync(id, status, cancellationToken) is not { } tenant) return Unknown(id);
        logger.StatusChanged(id, status);
        return TypedResults.Ok(tenant);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string id, TenantStore tenants, ILogger<TenantStore> logger, CancellationToken cancellationToken)
    {
        if (!await tenants.DeleteAsync(id, cancellationToken)) return Unknown(id);
        logger.Deleted(id);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Unknown(string id) =>
        TypedResults.Problem($"There is no tenant '{id}'.", statusCode: StatusCodes.Status404NotFound);
}
