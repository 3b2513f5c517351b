using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;

namespace Platform.SchemaService.Contracts;

/// <summary>What entities there are, for everybody who has a token.</summary>
internal static class ContractEndpoints
{
    public static void MapContracts(this IEndpointRouteBuilder routes)
    {
        var contracts = routes.MapGroup("/contracts").WithTags("Contracts").RequireAuthorization();
        contracts.MapGet("/", GetAll).WithName("GetContracts");
        contracts.MapGet("/{entity}", Get).WithName("GetContract");
    }

    private static Ok<IReadOnlyList<EntityContract>> GetAll(ContractSet contracts) => TypedResults.Ok(contracts.Entities);

    private static Results<Ok<EntityContract>, ProblemHttpResult> Get(string entity, ContractSet contracts) =>
        contracts.Find(entity) is { } contract
            ? TypedResults.Ok(contract)
            : TypedResults.Problem(
                $"There is no entity '{entity}'. There are: {string.Join(", ", contracts.Entities.Select(known => known.Name))}.",
                statusCode: StatusCodes.Status404NotFound);
}
