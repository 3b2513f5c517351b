namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Postgres server in a container.</summary>
public sealed class PostgresServerResource(string name) : ContainerResource(name)
{
    public EndpointReference PrimaryEndpoint => new(this, "tcp");
}
