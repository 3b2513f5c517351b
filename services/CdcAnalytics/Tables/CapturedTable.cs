using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.Tables;

/// <summary>
/// A table as it was when the changes that come now were made: everything about it that does not differ from change to change, worked out once.
/// </summary>
internal sealed class CapturedTable
{
    /// <summary>Its number in Postgres.</summary>
    public required uint Oid { get; init; }

    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>The topic of its changes.</summary>
    public required TopicHandle Topic { get; init; }

    public required CapturedColumn[] Columns { get; init; }

    /// <summary>Ordinals of the columns that identify a row; empty when none do.</summary>
    public required int[] Key { get; init; }

    /// <summary>Ordinal of the column that names a row's tenant; -1 when there is none.</summary>
    public required int TenantOrdinal { get; init; }

    /// <summary>The contract and its version, as a header carries it; empty when no contract describes the table.</summary>
    public required byte[] ContractVersion { get; init; }

    /// <summary>Envelope parts that are the same for every change of the table.</summary>
    public required Envelopes.EnvelopeParts Parts { get; init; }

    /// <summary>The schema and the name, as log messages and reports write them.</summary>
    public required string QualifiedName { get; init; }
}
