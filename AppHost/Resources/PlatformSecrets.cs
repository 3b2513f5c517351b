namespace Platform.AppHost.Resources;

/// <summary>Passwords and keys: made once, kept as long as the data they protect, never in a file of the repository.</summary>
internal sealed class PlatformSecrets(IDistributedApplicationBuilder builder)
{
    public IResourceBuilder<ParameterResource> Postgres { get; } = Add(builder, "postgres-password");

    public IResourceBuilder<ParameterResource> Owner { get; } = Add(builder, "owner-password");

    public IResourceBuilder<ParameterResource> Api { get; } = Add(builder, "api-password");

    public IResourceBuilder<ParameterResource> Readonly { get; } = Add(builder, "readonly-password");

    public IResourceBuilder<ParameterResource> Replication { get; } = Add(builder, "replication-password");

    public IResourceBuilder<ParameterResource> Cdc { get; } = Add(builder, "cdc-password");

    public IResourceBuilder<ParameterResource> Cache { get; } = Add(builder, "cache-password");

    /// <summary>Signs the identity that travels between services.</summary>
    public IResourceBuilder<ParameterResource> IdentityKey { get; } = Add(builder, "identity-key", length: 48);

    /// <summary>Signs the tokens that the gateway issues to developers.</summary>
    public IResourceBuilder<ParameterResource> TokenKey { get; } = Add(builder, "token-key", length: 48);

    // No special characters: the values end in connection strings.
    private static IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, string name, int length = 32) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);
}
