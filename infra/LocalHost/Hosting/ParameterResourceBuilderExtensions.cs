using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Values given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value that configuration <c>Parameters:name</c> must give.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Store().Require(name), secret));

    /// <summary>A value that is known already.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => value, secret));

    /// <summary>A value made once; with <paramref name="persist"/> it stays the same as long as the data folder does.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Store().FindOrMake(name, value, persist), secret) { Default = value });

    /// <summary>A connection string made of other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    private static ParameterStore Store(this IDistributedApplicationBuilder builder) => ((DistributedApplicationBuilder)builder).Parameters;
}
