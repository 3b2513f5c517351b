using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Capture;

/// <summary>What is captured, how it is sent, and when it may be forgotten. Section <c>Capture</c>.</summary>
public sealed class CaptureOptions
{
    /// <summary>False when Debezium fills the topics instead. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Name of the cluster that <c>ConnectionStrings:platform</c> leads to, as the tenants' placements have it; its database is the default source. Another cluster's
    /// connection string is called like the cluster. Default: <c>postgres</c>.
    /// </summary>
    [Required]
    public string Cluster { get; set; } = "postgres";

    /// <summary>
    /// The replication slot that remembers how far capture has come; that of another database on a cluster is called <c>{slot}_{database}</c>. Default: <c>platform_cdc</c>.
    /// </summary>
    [Required, RegularExpression("^[a-z0-9_]{1,40}$")]
    public string Slot { get; set; } = "platform_cdc";

    /// <summary>The publication that names the captured tables. Default: <c>platform</c>.</summary>
    [Required]
    public string Publication { get; set; } = "platform";

    /// <summary>First part of the topics' names, and the source's name in change events; on another cluster that is <c>{prefix}.{cluster}</c>. Default: <c>cdc</c>.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9_-]{1,60}$")]
    public string TopicPrefix { get; set; } = "cdc";

    /// <summary>True to send the schema along with every message, as Kafka Connect's converter can. Default: false.</summary>
    public bool WithSchemas { get; set; }

    /// <summary>True to tell begin and end of transactions in the topic <c>{prefix}.transaction</c>. Default: false.</summary>
    public bool TransactionTopic { get; set; }

    /// <summary>
    /// What makes a change durable, so that Postgres may drop its log: the broker's acknowledgement, or the warehouse's commit where the
    /// broker keeps everything in memory. Default: <see cref="Capture.ConfirmAfter.WarehouseCommit"/>, which is right with every broker.
    /// </summary>
    public ConfirmAfter ConfirmAfter { get; set; } = ConfirmAfter.WarehouseCommit;

    /// <summary>Time between two reports of what Postgres may drop. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConfirmInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Most bytes that the broker may hold and the warehouse not have, where a change is durable only in the warehouse; reading of the log
    /// waits beyond it. Default: 16 MiB, which the in-memory broker can hold of one topic.
    /// </summary>
    [Range(1 << 20, int.MaxValue)]
    public int LargestUnappliedBytes { get; set; } = 16 << 20;

    /// <summary>File of what capture must remember of its default source besides the slot; those of other sources lie beside it. Default: <c>.data/capture.json</c> below the working directory.</summary>
    [Required]
    public string StatePath { get; set; } = ".data/capture.json";

    /// <summary>What to do when changes were lost, since the slot is gone, was made again or belongs to another history. Default: <see cref="LostChanges.Resnapshot"/>.</summary>
    public LostChanges LostChanges { get; set; } = LostChanges.Resnapshot;

    /// <summary>Share of <c>max_slot_wal_keep_size</c> held back by the slot from which on capture warns. Default: 0.5.</summary>
    [Range(0.05, 1)]
    public double RetentionAlert { get; set; } = 0.5;

    /// <summary>Tables that a first snapshot reads at the same time. Default: 2.</summary>
    [Range(1, 16)]
    public int SnapshotParallelism { get; set; } = 2;

    /// <summary>Rows of a first snapshot that become durable, and are remembered as sent, together. Default: 5,000.</summary>
    [Range(1, 1_000_000)]
    public int SnapshotBatchRows { get; set; } = 5_000;

    /// <summary>Rows that a snapshot reads at a time while changes go on; they are held in memory for a moment. Default: 5,000.</summary>
    [Range(10, 100_000)]
    public int IncrementalChunkRows { get; set; } = 5_000;

    /// <summary>What this source's events are named by, in <c>source.name</c>.</summary>
    internal string SourceName { get => field ?? TopicPrefix; set; }

    /// <summary>Folder for large transactions that are not committed yet. Default: a folder of this process in the system's folder for temporary files.</summary>
    public string? SpoolPath { get; set; }

    /// <summary>The same for one source.</summary>
    internal CaptureOptions For(string slot, string statePath, string sourceName)
    {
        var own = (CaptureOptions)MemberwiseClone();
        (own.Slot, own.StatePath, own.SourceName) = (slot, statePath, sourceName);
        return own;
    }
}

[OptionsValidator]
internal sealed partial class CaptureOptionsValidator : IValidateOptions<CaptureOptions>;
