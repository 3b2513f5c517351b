using Microsoft.AspNetCore.Http.HttpResults;
using Platform.SchemaService.Control;
using Platform.ServiceDefaults.Identity;
using Platform.Tenancy;

namespace Platform.SchemaService.Directory;

/// <summary>Where every tenant lives, for the platform's services.</summary>
internal static class DirectoryEndpoints
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static void MapDirectory(this IEndpointRouteBuilder routes) => routes.MapGet("/directory", Get)
        .WithTags("Directory").WithName("GetDirectory")
        .AddEndpointFilter<ControlFilter>()
        .RequireAuthorization(Policies.Service);

    /// <summary>Answers at once when the version is past <paramref name="after"/>, else when it is, or after 20 s the same again.</summary>
    private static async Task<Ok<TenantDirectorySnapshot>> Get(
        DirectoryReader directory,
        DirectorySignal signal,
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        CancellationToken cancellationToken,
        long after = -1)
    {
        // A service that stops answers the requests that wait, else they would hold it up.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var wait = Task.Delay(LongestWait, clock, ending.Token);
        while (true)
        {
            var changed = signal.Next;
            var snapshot = await directory.ReadAsync(cancellationToken);
            if (snapshot.Version > after || wait.IsCompleted)
            {
                await ending.CancelAsync();
                return TypedResults.Ok(snapshot);
            }

            await Task.WhenAny(changed, wait);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
