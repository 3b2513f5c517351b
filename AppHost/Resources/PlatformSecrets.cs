using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>Passwords and keys: made once, kept as long as the data they protect, never in a file of the repository.</summary>
internal sealed class PlatformSecrets
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly SecretFile? _file;

    /// <param name="builder">The platform.</param>
    /// <param name="file">Where they are kept; null to publish, where each one becomes an input.</param>
    public PlatformSecrets(IDistributedApplicationBuilder builder, SecretFile? file)
    {
        (_builder, _file) = (builder, file);
        (Postgres, Owner, Api) = (Add("postgres-password"), Add("owner-password"), Add("api-password"));
        (Readonly, Replication, Cdc) = (Add("readonly-password"), Add("replication-password"), Add("cdc-password"));
        Cache = Add("cache-password");
        (IdentityKey, AddressKey) = (Add("identity-key", length: 48), Add("address-key", length: 48));
    }

    public IResourceBuilder<ParameterResource> Postgres { get; }

    public IResourceBuilder<ParameterResource> Owner { get; }

    public IResourceBuilder<ParameterResource> Api { get; }

    public IResourceBuilder<ParameterResource> Readonly { get; }

    public IResourceBuilder<ParameterResource> Replication { get; }

    public IResourceBuilder<ParameterResource> Cdc { get; }

    public IResourceBuilder<ParameterResource> Cache { get; }

    /// <summary>Signs the identity that travels between services.</summary>
    public IResourceBuilder<ParameterResource> IdentityKey { get; }

    /// <summary>Hashes callers' addresses in request events.</summary>
    public IResourceBuilder<ParameterResource> AddressKey { get; }

    /// <summary>Adds the key of the tokens that the gateway issues to developers, which nothing published has.</summary>
    public IResourceBuilder<ParameterResource> AddTokenKey() => Add("token-key", length: 48);

    private IResourceBuilder<ParameterResource> Add(string name, int length = 32)
    {
        // No special characters: the values end in connection strings.
        var value = new GenerateParameterDefault { MinLength = length, Special = false };
        var key = $"Parameters:{name}";
        if (_file is not null) _builder.Configuration[key] = _file.GetOrAdd(name, () => _builder.Configuration[key] ?? value.GetDefaultValue());
        return _builder.AddParameter(name, value, secret: true);
    }
}
