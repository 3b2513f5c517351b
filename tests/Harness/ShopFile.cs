namespace Platform.Harness;

/// <summary>Rows of one entity as a bulk load takes them.</summary>
/// <param name="ContentType">The format.</param>
/// <param name="Rows">The rows in it.</param>
public sealed record ShopFile(string ContentType, string Rows);
