namespace Platform.Contracts.Reading;

/// <summary>A value and the line it was written in.</summary>
internal readonly record struct Located<T>(T Value, int Line);
