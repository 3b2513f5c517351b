using CsCheck;
using Platform.Replication;
using Xunit;

namespace Platform.Unit.Replication;

public sealed class LogPositionTests
{
    [Theory]
    [InlineData(1, 1, 1, 2, true)] // of one transaction: by ordinal
    [InlineData(1, 9, 2, 1, true)] // of two: by commit
    [InlineData(2, 1, 1, 9, false)]
    [InlineData(1, 1, 1, 1, false)]
    public void Positions_are_ordered_by_commit_then_by_ordinal(ulong lsn, long ordinal, ulong otherLsn, long otherOrdinal, bool earlier) =>
        Assert.Equal(earlier, new LogPosition(lsn, ordinal) < new LogPosition(otherLsn, otherOrdinal));

    [Fact]
    public void Lsn_text_is_read_back_as_it_was_written() =>
        Gen.ULong.Sample(lsn => LsnText.TryParse(LsnText.Format(lsn), out var read) && read == lsn);

    [Theory]
    [InlineData(100u, 200ul, true)]
    [InlineData(200u, 200ul, false)] // the lower bound itself may still be running
    [InlineData(300u, 200ul, false)]
    [InlineData(4294967290u, 0x1_0000_0005ul, true)] // before the wrap-around, seen from after it
    [InlineData(3u, 0x0_FFFF_FFFAul, false)] // after the wrap-around, seen from before it
    public void A_transaction_is_surely_visible_only_below_the_snapshots_lower_bound(uint transaction, ulong xmin, bool visible) =>
        Assert.Equal(visible, TransactionAge.IsSurelyVisible(transaction, xmin));
}
