namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside: configuration <c>Parameters:name</c>, or a default.</summary>
public sealed class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IValueProvider, IManifestExpressionProvider
{
    private string? _value;

    /// <summary>True for values that no log and no page may show.</summary>
    public bool Secret { get; } = secret;

    public ParameterDefault? Default { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value ??= callback(Default));
}
