using Platform.Replication;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Whether reading can go on where it ended, or changes were lost meanwhile.</summary>
internal static class SlotCheck
{
    /// <summary>Compares what is remembered with what is found.</summary>
    /// <returns>Null when reading goes on, or begins; otherwise why it cannot, as a sentence.</returns>
    public static string? FindLoss(SourceState? remembered, SlotState found, string slot)
    {
        if (remembered is null || remembered.Slot != slot)
            return found.Exists ? $"There is a replication slot {slot}, but nothing is remembered of what was read from it." : null;
        if (remembered.SystemIdentifier != found.SystemIdentifier)
            return $"This is another cluster: its system identifier is {found.SystemIdentifier}, not {remembered.SystemIdentifier}.";
        if (remembered.Timeline != found.Timeline)
            return $"The server is on timeline {found.Timeline} and was on {remembered.Timeline}: a replica was promoted, or a backup restored.";
        if (!found.Exists)
            return $"The replication slot {remembered.Slot} is gone.";
        if (!found.IsUsable)
            return $"The server has dropped the log that slot {remembered.Slot} needs: it fell behind by more than max_slot_wal_keep_size.";
        if (found.ConfirmedLsn > remembered.ConfirmedLsn)
        {
            return $"The slot {remembered.Slot} stands at {LsnText.Format(found.ConfirmedLsn)}, behind what was confirmed last, {LsnText.Format(remembered.ConfirmedLsn)}: "
                + "it was made again, or somebody else has read from it.";
        }

        return null;
    }
}
