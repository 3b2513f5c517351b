using System.CommandLine;
using Platform.Benchmarks.Anomalies;
using Platform.Benchmarks.Platform;
using Platform.Benchmarks.Tracking;

var root = new RootCommand("Measures what docs/performance.md shows. Run it with -c Release on a machine that does nothing else.") { new PlatformCommand(), new AnomaliesCommand(), new TrackingCommand() };
return await root.Parse(args).InvokeAsync();
