namespace Platform.Native.Processes;

/// <summary>
/// A server cannot run on this machine as asked. The message says what failed and what to do; trying again does not help.
/// </summary>
public sealed class NativeServerException(string message) : Exception(message);
