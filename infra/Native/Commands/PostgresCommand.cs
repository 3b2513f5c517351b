using System.CommandLine;
using Platform.Native.Postgres;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

internal sealed class PostgresCommand : ServerCommand
{
    private readonly Option<string> _name = new("--name") { Description = "Name of the node and of its replication slot.", Required = true };
    private readonly Option<bool> _first = new("--first") { Description = "Make a new cluster when no node has data. One node of a cluster has this option." };
    private readonly Option<string[]> _peers = new("--peer") { Description = "Another node of the cluster, as <name>:<port>:<folder>.", DefaultValueFactory = _ => [] };

    public PostgresCommand() : base(
        "postgres",
        "Runs a node of a Postgres cluster; its data say whether it is the primary or a replica. " +
        "Passwords: POSTGRES_PASSWORD and PLATFORM_{OWNER,API,READONLY,REPLICATION,CDC}_PASSWORD.")
    {
        Options.Add(_name);
        Options.Add(_first);
        Options.Add(_peers);
    }

    protected override INativeServer Create(ParseResult arguments, TextWriter log) => new PostgresNode(
        arguments.GetRequiredValue(_name), arguments.GetRequiredValue(Data), arguments.GetValue(Port), [.. arguments.GetValue(_peers)!.Select(PostgresPeer.Parse)],
        PostgresPasswords.FromEnvironment(), log, arguments.GetValue(_first));
}
