using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Leaves out commands to Postgres and the cache that belong to no request and no message: a service that asks a node for its position
/// twice a second would fill the collector with traces of one span, and nobody looks for them.
/// </summary>
internal sealed class BackgroundCommandFilter : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Sources = FrozenSet.Create("Npgsql", "OpenTelemetry.Instrumentation.StackExchangeRedis");

    public override void OnStart(Activity data)
    {
        if (data.ParentSpanId != default || !Sources.Contains(data.Source.Name)) return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
