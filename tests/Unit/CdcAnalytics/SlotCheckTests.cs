using Platform.CdcAnalytics.Slots;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class SlotCheckTests
{
    private const string Slot = "platform_cdc";

    private static readonly SourceState Remembered = new() { SystemIdentifier = "7", Timeline = 1, Slot = Slot, ConfirmedLsn = 100 };
    private static readonly SlotState Found = new("7", 1, Exists: true, IsUsable: true, IsOurs: true, ConfirmedLsn: 100);

    public static TheoryData<string, string?> Findings => new()
    {
        { "as it was", null },
        { "a little behind, since the last confirmation did not arrive", null },
        { "nothing remembered and no slot", null },
        { "nothing remembered of the slot", "There is a replication slot platform_cdc, but nothing is remembered of what was read from it." },
        { "another cluster", "This is another cluster: its system identifier is 8, not 7." },
        { "promoted", "The server is on timeline 2 and was on 1: a replica was promoted, or a backup restored." },
        { "gone", "The replication slot platform_cdc is gone." },
        { "overtaken", "The server has dropped the log that slot platform_cdc needs: it fell behind by more than max_slot_wal_keep_size." },
        { "moved", "The slot platform_cdc stands at 0/65, behind what was confirmed last, 0/64: it was made again, or somebody else has read from it." },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void Whatever_would_miss_changes_is_told(string finding, string? loss)
    {
        var (remembered, found) = finding switch
        {
            "as it was" => (Remembered, Found),
            "a little behind, since the last confirmation did not arrive" => (Remembered, Found with { ConfirmedLsn = 90 }),
            "nothing remembered and no slot" => (null, Found with { Exists = false }),
            "nothing remembered of the slot" => (null, Found),
            "another cluster" => (Remembered, Found with { SystemIdentifier = "8" }),
            "promoted" => (Remembered, Found with { Timeline = 2 }),
            "gone" => (Remembered, Found with { Exists = false }),
            "overtaken" => (Remembered, Found with { IsUsable = false }),
            "moved" => (Remembered, Found with { ConfirmedLsn = 101 }),
            _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, null),
        };
        Assert.Equal(loss, SlotCheck.FindLoss(remembered, found, Slot));
    }
}
