namespace Platform.Local;

/// <summary>Answer of a <see cref="LoopbackHttpServer"/>.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Json">Body, a JSON document.</param>
public sealed record LoopbackResponse(int Status, string Json);
