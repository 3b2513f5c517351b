using System.CommandLine;
using Platform.Benchmarks.Anomalies;
using Platform.Benchmarks.Capture;
using Platform.Benchmarks.Platform;
using Platform.Benchmarks.Tracking;
using Platform.Benchmarks.Warehouse;

var root = new RootCommand("Measures what docs/performance.md shows. Run it with -c Release on a machine that does nothing else.")
{
    new PlatformCommand(), new CaptureCommand(), new WarehouseCommand(), new TrackingCommand(), new AnomaliesCommand(),
};
return await root.Parse(args).InvokeAsync();
