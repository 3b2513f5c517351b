using Aspire.Hosting.ApplicationModel;

namespace Platform.Harness;

/// <summary>A started host of the platform.</summary>
internal interface IRunningHost : IAsyncDisposable
{
    /// <summary>Its process.</summary>
    int ProcessId { get; }

    /// <summary>True when it has ended by itself.</summary>
    bool HasExited { get; }

    /// <summary>What it has printed.</summary>
    string Output { get; }

    /// <summary>Executes a command of a resource.</summary>
    Task<ExecuteCommandResult> ExecuteCommandAsync(string resource, string command, IReadOnlyList<(string Name, string Value)> arguments);

    /// <summary>Stops it as Ctrl-C does.</summary>
    Task StopAsync();

    /// <summary>Kills it as kill -9 does.</summary>
    Task KillAsync();
}
