using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>Events that could not be applied, for those who run the platform.</summary>
internal static class DeadLetterEndpoints
{
    private const int LargestPage = 1000;

    public static void AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HeldRows>();
        builder.Services.AddSingleton<DeadLetterDesk>();
        builder.Services.AddSingleton<DeadLetterTopic>();
    }

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/dead-letters").RequireAuthorization(Policies.Service);
        letters.MapGet("", (DeadLetterDesk desk, string? entity, long after = 0, int limit = 100) =>
            TypedResults.Ok(desk.List(entity, after, Math.Clamp(limit, 1, LargestPage)).Select(letter => DeadLetterView.Of(letter, withValue: false))));
        letters.MapGet("/{id:long}", Results<Ok<DeadLetterView>, NotFound> (long id, DeadLetterDesk desk) =>
            desk.Find(id) is { } letter ? TypedResults.Ok(DeadLetterView.Of(letter, withValue: true)) : TypedResults.NotFound());
        letters.MapPost("/{id:long}/retry", async Task<Results<Ok<RetryResult>, NotFound>> (long id, DeadLetterDesk desk, CancellationToken cancellationToken) =>
            await desk.RetryAsync(id, cancellationToken) is { } result ? TypedResults.Ok(result) : TypedResults.NotFound());
        letters.MapDelete("/{id:long}", async Task<Results<NoContent, NotFound>> (long id, DeadLetterDesk desk, CancellationToken cancellationToken) =>
            await desk.DropAsync(id, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound());
    }
}
