using System.CommandLine;
using Platform.Native.Cache;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

internal sealed class CacheCommand : ServerCommand
{
    private readonly Option<bool> _redis = new("--redis") { Description = "Run the installed redis-server instead of the embedded Garnet." };
    private readonly Option<int> _memory = new("--memory")
    {
        Description = "Megabytes of memory for rows; the least recently used leave first.", DefaultValueFactory = _ => 128,
    };

    public CacheCommand() : base("cache", "Runs a server of the Redis protocol. Password: CACHE_PASSWORD.")
    {
        Options.Add(_redis);
        Options.Add(_memory);
    }

    protected override INativeServer Create(ParseResult arguments, TextWriter log)
    {
        var (data, port, password, memory) =
            (arguments.GetRequiredValue(Data), arguments.GetValue(Port), Secrets.Require("CACHE_PASSWORD"), arguments.GetValue(_memory));
        return arguments.GetValue(_redis) ? new RedisCache(data, port, password, log, memory) : new GarnetCache(data, port, password, log, memory);
    }
}
