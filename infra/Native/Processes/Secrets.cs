namespace Platform.Native.Processes;

/// <summary>Secrets come from the environment, for every account of a machine can read an argument list.</summary>
internal static class Secrets
{
    /// <summary>Value of an environment variable.</summary>
    /// <exception cref="NativeServerException">It is not set.</exception>
    public static string Require(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new NativeServerException($"Set the environment variable {variable}; the AppHost does it for its resources.");
}
