using System.Diagnostics;

namespace Platform.Native.Processes;

/// <summary>What to run and how to stop it.</summary>
internal sealed class SupervisedProcessOptions
{
    /// <summary>Name in log lines.</summary>
    public required string Name { get; init; }

    /// <summary>Makes everything ready and gives the command; called before every start.</summary>
    public required Func<CancellationToken, Task<ProcessStartInfo>> PrepareAsync { get; init; }

    /// <summary>Account to run as; null for the current one.</summary>
    public UnixAccount? Account { get; init; }

    /// <summary>Asks for a clean end.</summary>
    public Signal CleanStop { get; init; } = Signal.Terminate;

    /// <summary>Ends it at once; what the server promises to survive.</summary>
    public Signal HardStop { get; init; } = Signal.Kill;

    /// <summary>What the kernel sends when this process dies without stopping its child.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>Time between the two. Default: 3 s.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(3);
}
