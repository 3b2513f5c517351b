namespace Platform.AppHost.Resources;

/// <summary>Passwords and keys: made once, kept as long as the data they protect, never in a file of the repository.</summary>
internal sealed class PlatformSecrets
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly KeptSecrets? _kept;

    public PlatformSecrets(IDistributedApplicationBuilder builder)
    {
        _builder = builder;
        // The local host keeps what it generates with the data; so must Aspire, where the data is not in volumes of its own.
        if (AspireHost.IsUsed && !builder.UsesContainers()) _kept = new KeptSecrets(builder.DataPath("parameters.json"));
        (Postgres, Owner, Api) = (Add("postgres-password"), Add("owner-password"), Add("api-password"));
        (Readonly, Replication, Cdc) = (Add("readonly-password"), Add("replication-password"), Add("cdc-password"));
        Cache = Add("cache-password");
        (IdentityKey, TokenKey) = (Add("identity-key", length: 48), Add("token-key", length: 48));
        AddressKey = Add("address-key", length: 48);
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

    /// <summary>Signs the tokens that the gateway issues to developers.</summary>
    public IResourceBuilder<ParameterResource> TokenKey { get; }

    /// <summary>Hashes callers' addresses in request events.</summary>
    public IResourceBuilder<ParameterResource> AddressKey { get; }

    private IResourceBuilder<ParameterResource> Add(string name, int length = 32)
    {
        // No special characters: the values end in connection strings.
        var value = new GenerateParameterDefault { MinLength = length, Special = false };
        var key = $"Parameters:{name}";
        if (_kept is not null) _builder.Configuration[key] = _kept.FindOrMake(name, () => _builder.Configuration[key] ?? value.GetDefaultValue());
        return _builder.AddParameter(name, value, secret: true, persist: true);
    }
}
