namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value with a name that stands for it, as in <c>{cache.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}
