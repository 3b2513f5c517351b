using System.Buffers.Binary;
using System.Text;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Snapshots;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Snapshots;

/// <summary>Rows of a COPY in binary arrive in pieces of any size, and batches end anywhere.</summary>
public sealed class CopiedRowsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 4), InlineData(1, 4), InlineData(3, 4), InlineData(4, 4), InlineData(5, 4), InlineData(8, 4), InlineData(8, 1)]
    public async Task The_last_batch_is_known_as_the_last_and_has_a_row_unless_there_are_none(int count, int mostRows)
    {
        foreach (var piece in new[] { 1, 7, 4096 })
        {
            await using var rows = new CopiedRows(new Pieces(Copy(count), piece), columns: 2, isBinary: [false, true, true]);
            List<string> read = [];
            for (var isMore = true; isMore;)
            {
                var batch = new RowBatch(mostRows);
                isMore = await rows.ReadAsync(batch, Cancellation);
                Assert.True(isMore ? batch.Count == mostRows : batch.Count > 0 || count == 0);
                for (var i = 0; i < batch.Count; i++) read.Add($"{Describe(batch[i])} {rows.KeyOf(batch[i])[0]}");
            }

            Assert.Equal(Enumerable.Range(0, count).Select(i => $"text {i}, {(i % 2 == 0 ? "null" : $"{i}")} ({i},{i + 1})"), read);
        }
    }

    [Fact]
    public async Task A_batch_ends_with_its_bytes_and_a_stream_that_ends_early_is_an_error()
    {
        var copy = Copy(100);
        await using var rows = new CopiedRows(new Pieces(copy[..^20], 64), columns: 2, isBinary: [false, true, true]);
        var batch = new RowBatch(mostRows: 1000, mostBytes: 50);
        Assert.True(await rows.ReadAsync(batch, Cancellation));
        Assert.Equal(2, batch.Count);
        batch.Clear();
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await rows.ReadAsync(new RowBatch(), Cancellation));
    }

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        var row = new LogRow(bytes, columns: 3);
        row.Next(out var text);
        var said = Encoding.UTF8.GetString(text);
        return $"{said}, {(row.Next(out var number) == LogRow.Null ? "null" : $"{BinaryPrimitives.ReadInt32BigEndian(number)}")}";
    }

    // A text, every other time a number, and a tid.
    private static byte[] Copy(int rows)
    {
        using var stream = new MemoryStream();
        stream.Write("PGCOPY\n"u8);
        stream.Write([0xFF, (byte)'\r', (byte)'\n', 0]);
        Int32(0);
        Int32(0);
        for (var i = 0; i < rows; i++)
        {
            Int16(3);
            var text = Encoding.UTF8.GetBytes($"text {i}");
            Int32(text.Length);
            stream.Write(text);
            if (i % 2 == 0)
            {
                Int32(-1);
            }
            else
            {
                Int32(4);
                Int32(i);
            }

            Int32(6);
            Int32(i);
            Int16((short)(i + 1));
        }

        Int16(-1);
        return stream.ToArray();

        void Int16(short value) => stream.Write([(byte)(value >> 8), (byte)value]);

        void Int32(int value)
        {
            Int16((short)(value >> 16));
            Int16((short)value);
        }
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
