namespace Aspire.Hosting.ApplicationModel;

/// <summary>The address of an endpoint, to be known when the application runs.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    public IResourceWithEndpoints Resource { get; } = owner;

    public string EndpointName { get; } = endpointName;

    public EndpointAnnotation EndpointAnnotation => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => endpoint.Name == EndpointName)
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint '{EndpointName}'. Give it one with WithEndpoint or WithHttpEndpoint.");

    public bool IsAllocated => EndpointAnnotation.AllocatedPort is not null;

    public string Host => "127.0.0.1";

    public int Port => EndpointAnnotation.AllocatedPort
        ?? throw new InvalidOperationException($"The port of '{Resource.Name}' ({EndpointName}) is known when the application runs, not while it is described.");

    public int? TargetPort => EndpointAnnotation.AllocatedPort;

    public string Scheme => EndpointAnnotation.UriScheme;

    public string Url => $"{Scheme}://{Host}:{Port}";

    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(Url);
}
