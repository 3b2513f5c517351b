namespace Platform.Native.Processes;

/// <summary>A program ended with an error; the message is what it wrote about it.</summary>
internal sealed class ToolFailedException(string program, int exitCode, string errors)
    : Exception($"{program} ended with exit code {exitCode}: {(errors.Length > 0 ? errors : "it said nothing about the reason")}");
