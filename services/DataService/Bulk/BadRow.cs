namespace Platform.DataService.Bulk;

/// <summary>A row that was refused.</summary>
/// <param name="Line">Line of the input, from 1, the header included.</param>
/// <param name="Field">The column, or null when the whole row is meant.</param>
/// <param name="Reason">What is wrong and what is expected.</param>
internal sealed record BadRow(long Line, string? Field, string Reason);
