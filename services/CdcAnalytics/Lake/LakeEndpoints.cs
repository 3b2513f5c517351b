using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Lake;

/// <summary>The lake's state, and the order to fill the warehouse from it, for those who run the platform.</summary>
internal static class LakeEndpoints
{
    public static void MapLake(this IEndpointRouteBuilder routes)
    {
        var lake = routes.MapGroup("/lake").RequireAuthorization(Policies.Service);
        lake.MapGet("", (LakeStore store, LakeVerification verification, LakeRebuild rebuild) =>
            TypedResults.Ok(new { files = store.Files().Count, waiting = store.Waiting(), verification = verification.Last, rebuild = rebuild.Last }));
        lake.MapPost("/rebuild", Results<Accepted<RebuildReport>, ProblemHttpResult> (LakeRebuild rebuild) => rebuild.TryStart()
            ? TypedResults.Accepted("/lake", rebuild.Last)
            : TypedResults.Problem("A rebuild is under way; GET /lake shows how far it is.", statusCode: StatusCodes.Status409Conflict));
    }
}
