namespace Platform.Contracts;

/// <summary>The text of one contract.</summary>
/// <param name="Path">Where it comes from, as violations name it: <c>contracts/orders.odcs.yaml</c>.</param>
/// <param name="Text">The YAML document.</param>
public sealed record ContractSource(string Path, string Text);
