namespace Platform.AppHost.Hosting;

/// <summary>Marks a resource whose address a person opens in a browser.</summary>
/// <param name="Title">What the page is.</param>
internal sealed record PageAnnotation(string Title) : IResourceAnnotation;
