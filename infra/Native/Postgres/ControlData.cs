using System.Globalization;
using NpgsqlTypes;
using Platform.Cluster;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>What <c>pg_controldata</c> tells of a data folder.</summary>
internal sealed class ControlData
{
    private readonly Dictionary<string, string> _values;

    private ControlData(Dictionary<string, string> values) => _values = values;

    public string SystemIdentifier => _values["Database system identifier"];

    /// <summary>True when a primary was shut down cleanly: its last checkpoint is the end of its log.</summary>
    public bool IsShutDown => State == "shut down";

    /// <summary>True when a primary was not shut down, or still runs.</summary>
    public bool IsInProduction => State == "in production";

    /// <summary>Beginning of the last checkpoint's record.</summary>
    public NpgsqlLogSequenceNumber Checkpoint => NpgsqlLogSequenceNumber.Parse(_values["Latest checkpoint location"]);

    public uint CheckpointTimeline => uint.Parse(_values["Latest checkpoint's TimeLineID"], CultureInfo.InvariantCulture);

    /// <summary>Up to where a replica has surely replayed; zero for a primary.</summary>
    public NpgsqlLogSequenceNumber LeastReplayed => NpgsqlLogSequenceNumber.Parse(_values["Minimum recovery ending location"]);

    public uint LeastReplayedTimeline => uint.Parse(_values["Min recovery ending loc's timeline"], CultureInfo.InvariantCulture);

    private string State => _values["Database cluster state"];

    /// <exception cref="ToolFailedException">The folder has no control file that can be read.</exception>
    public static async Task<ControlData> ReadAsync(PostgresInstallation postgres, PostgresData data, UnixAccount? account, CancellationToken cancellationToken)
    {
        var command = postgres.Command("pg_controldata", "-D", data.FullPath);
        command.Environment["LC_ALL"] = "C";
        var lines = (await Tool.RunAsync(command, account, cancellationToken)).Split('\n');
        return new(lines.Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal));
    }
}
