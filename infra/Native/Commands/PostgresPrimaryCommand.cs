using System.CommandLine;
using Platform.Native.Postgres;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

internal sealed class PostgresPrimaryCommand() : ServerCommand(
    "postgres-primary",
    "Runs a Postgres primary. Passwords: POSTGRES_PASSWORD and PLATFORM_{OWNER,API,READONLY,REPLICATION,CDC}_PASSWORD.")
{
    protected override INativeServer Create(ParseResult arguments, TextWriter log) =>
        new PostgresPrimary(arguments.GetRequiredValue(Data), arguments.GetValue(Port), PostgresPasswords.FromEnvironment(), log);
}
