using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.DeadLetters;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>An event that cannot be applied holds its row back and nothing else.</summary>
public sealed class DeadLetterTests : IDisposable
{
    private static readonly byte[] One = Encoding.UTF8.GetBytes("""{"tenant_id":"jane","id":1}"""), Two = Encoding.UTF8.GetBytes("""{"tenant_id":"jane","id":2}""");
    private readonly WarehouseFile _file = new();
    private readonly DeadLetterDesk _desk;

    public DeadLetterTests() => _desk = new(_file.Store, _file.Held, _file.Contracts, NullLogger<DeadLetterDesk>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Later_events_of_its_row_are_held_back_and_those_of_others_go_on()
    {
        Send(One, Event.Create(1, "a", 100));
        Send(One, "broken");
        Send(Two, Event.Create(2, "x", 200));
        Send(One, Event.Update(1, "b", 300));
        _file.Commit();
        Send(One, Event.Update(1, "c", 400));
        _file.Commit();
        Assert.Equal(["jane 1 a", "jane 2 x"], _file.Rows());
        var letters = _desk.List(entity: null, after: 0, limit: 10);
        Assert.Equal([false, true, true], letters.Select(letter => letter.IsHeldBack));
        Assert.Equal("broken", Encoding.UTF8.GetString(letters[0].Value));
        Assert.Contains("no change event", letters[0].Reason, StringComparison.Ordinal);
        Assert.Equal("0/12C#1", letters[1].Position.ToString());
    }

    [Fact]
    public void After_a_restart_the_row_is_still_held_back()
    {
        Send(One, "broken");
        _file.Commit();
        _file.Restart();
        _file.Held.Reset([]);
        _file.Held.Reset(_file.Store.ReadHeldRows());
        Send(One, Event.Create(1, "a", 100));
        _file.Commit();
        Assert.Empty(_file.Rows());
    }

    [Fact]
    public async Task When_the_broken_one_is_dropped_the_others_are_applied_in_order()
    {
        Send(One, "broken");
        Send(One, Event.Create(1, "a", 100));
        Send(One, Event.Update(1, "b", 200));
        _file.Commit();
        var letters = _desk.List(entity: "things", after: 0, limit: 10);
        Assert.Equal(new RetryResult(0, 3, letters[0].Reason), await _desk.RetryAsync(letters[2].Id, Cancellation));
        Assert.True(await _desk.DropAsync(letters[0].Id, Cancellation));
        Assert.Equal(new RetryResult(2, 0, null), await _desk.RetryAsync(letters[2].Id, Cancellation));
        Assert.Equal(["jane 1 a c 100 1 200 1 u", "jane 1 b u 200 1 - - -"], _file.Versions());
        Send(One, Event.Update(1, "c", 300));
        _file.Commit();
        Assert.Equal(["jane 1 c"], _file.Rows());
        Assert.Empty(_desk.List(entity: null, after: 0, limit: 10));
        Assert.Null(await _desk.RetryAsync(letters[0].Id, Cancellation));
    }

    [Fact]
    public async Task A_row_without_letters_is_free_again()
    {
        Send(One, "broken");
        _file.Commit();
        await _desk.DropAsync(_desk.List(entity: null, after: 0, limit: 1)[0].Id, Cancellation);
        Send(One, Event.Create(1, "a", 100));
        _file.Commit();
        Assert.Equal(["jane 1 a"], _file.Rows());
    }

    [Fact]
    public void A_held_back_event_that_comes_twice_is_parked_once()
    {
        Send(One, "broken");
        Send(One, Event.Create(1, "a", 100));
        Send(One, Event.Create(1, "a", 100));
        _file.Commit();
        Assert.Equal(2, _desk.List(entity: null, after: 0, limit: 10).Count);
    }

    private void Send(byte[] key, string value) => _file.Add(0, value, key);
}
