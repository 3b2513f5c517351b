using System.CommandLine;
using Platform.Native.Postgres;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

internal sealed class PostgresReplicaCommand : ServerCommand
{
    private readonly Option<int> _primaryPort = new("--primary-port") { Description = "Port of the primary to follow.", Required = true };
    private readonly Option<string> _name = new("--name") { Description = "Name of the replica and of its replication slot.", Required = true };

    public PostgresReplicaCommand() : base("postgres-replica", "Runs a streaming replica. Password: PLATFORM_REPLICATION_PASSWORD.")
    {
        Options.Add(_primaryPort);
        Options.Add(_name);
    }

    protected override INativeServer Create(ParseResult arguments, TextWriter log) => new PostgresReplica(
        arguments.GetRequiredValue(Data), arguments.GetValue(Port), arguments.GetValue(_primaryPort),
        Secrets.Require("PLATFORM_REPLICATION_PASSWORD"), log, arguments.GetRequiredValue(_name));
}
