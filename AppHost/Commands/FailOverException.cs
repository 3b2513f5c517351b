namespace Platform.AppHost.Commands;

/// <summary>Why a fail-over did not take place, or is not complete, in words for a person.</summary>
internal sealed class FailOverException(string message, Exception? inner = null) : Exception(message, inner);
