namespace Aspire.Hosting.Running;

/// <summary>State of a resource and why, in words for a person.</summary>
internal sealed record ResourceStatus(ResourceState State, string? Detail);
