using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Identity;
using Platform.Tenancy;

namespace Platform.Gateway.Authentication;

/// <summary><c>POST /dev/token</c>: a token for any tenant or for the operator. It exists in Development only.</summary>
internal static class DevTokenEndpoints
{
    public static void MapDevTokens(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment() || app.Services.GetRequiredService<IOptions<DevTokenOptions>>().Value.SigningKey is null) return;
        app.MapPost("/dev/token", Issue).AllowAnonymous();
    }

    private static async Task<Results<Ok<DevToken>, ValidationProblem>> Issue(
        DevTokenRequest request, DevTokenIssuer issuer, TenantDirectory directory, CancellationToken cancellationToken)
    {
        if (request is { Role: Policies.Operator, Tenant: null }) return Answer(issuer.Issue(Policies.Operator, tenant: null));
        if (request is not { Role: null or Policies.Tenant, Tenant: { } tenant })
            return Invalid("tenant", "Send {\"tenant\": \"<id>\"} for a tenant's token, or {\"role\": \"operator\"} for the operator's.");
        if (await directory.FindAsync(tenant, cancellationToken) is null)
            return Invalid("tenant", $"There is no tenant '{tenant}'. Create it first: POST /tenants with the operator's token.");
        return Answer(issuer.Issue(Policies.Tenant, tenant));
    }

    private static Ok<DevToken> Answer((string Token, DateTimeOffset ExpiresAt) issued) =>
        TypedResults.Ok(new DevToken(issued.Token, issued.ExpiresAt));

    private static ValidationProblem Invalid(string field, string reason) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    private sealed record DevTokenRequest(string? Tenant, string? Role);

    private sealed record DevToken(string Token, DateTimeOffset ExpiresAt);
}
