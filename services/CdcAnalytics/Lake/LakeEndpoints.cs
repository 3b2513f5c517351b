using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Lake;

/// <summary>The lake's state, for those who run the platform.</summary>
internal static class LakeEndpoints
{
    public static void MapLake(this IEndpointRouteBuilder routes)
    {
        var lake = routes.MapGroup("/lake").RequireAuthorization(Policies.Service);
        lake.MapGet("", (LakeStore store, LakeVerification verification) =>
            TypedResults.Ok(new { files = store.Files().Count, waiting = store.Waiting(), verification = verification.Last }));
    }
}
