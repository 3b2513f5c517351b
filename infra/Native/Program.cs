using System.CommandLine;
using Platform.Native.Commands;

var root = new RootCommand("Runs one data store of the platform as a plain process, for machines without containers.")
{
    new PostgresCommand(), new CacheCommand(), new KafkaCommand(),
};

// Signals are the commands' business: a host stops them in order.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
