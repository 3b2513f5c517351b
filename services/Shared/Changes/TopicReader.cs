using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Confluent.Kafka;

namespace Platform.Changes;

/// <summary>
/// Reads partitions on a thread of its own, for the client's calls block and would take the thread pool's threads from everybody else. It reads some way ahead, so that
/// what is made of a message is made while whoever takes it is busy with the last ones. One taker.
/// </summary>
/// <typeparam name="T">What is made of each message.</typeparam>
public sealed class TopicReader<T> : IAsyncDisposable
{
    // What is read ahead is bounded in messages and in bytes, but for one message that is larger than that.
    private const int PiecesAhead = 32, LargestPiece = 256, LargestPieceBytes = 1 << 20;

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Func<ConsumeResult<byte[], byte[]>, T> _read;
    private readonly Channel<IReadOnlyList<T>> _pieces = Channel.CreateUnbounded<IReadOnlyList<T>>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(PiecesAhead);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reading;
    private IReadOnlyList<T> _piece = [];
    private int _taken;
    private Task<bool>? _waiting;

    /// <summary>Begins to read.</summary>
    /// <param name="consumer">The client, which nobody else reads from until this is disposed.</param>
    /// <param name="from">The partitions, and the first offset of each.</param>
    /// <param name="read">Makes something of a message, or of a partition's end where the client tells of ends; called on the thread that reads.</param>
    public TopicReader(IConsumer<byte[], byte[]> consumer, IEnumerable<TopicPartitionOffset> from, Func<ConsumeResult<byte[], byte[]>, T> read)
    {
        (_consumer, _read) = (consumer, read);
        consumer.Assign(from);
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits until something can be taken.</summary>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_taken == _piece.Count) await Waiting().WaitAsync(cancellationToken);
    }

    /// <summary>Waits until something can be taken, or so long.</summary>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public async Task WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (_taken < _piece.Count) return;
        var waiting = Waiting();
        await ((Task)waiting).WaitAsync(patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (waiting.IsCompleted) await waiting;
    }

    /// <summary>Takes what was made of the next message, in the client's order; false when none has been read.</summary>
    public bool TryRead([MaybeNullWhen(false)] out T message)
    {
        if (_taken == _piece.Count)
        {
            if (!_pieces.Reader.TryRead(out var piece))
            {
                message = default;
                return false;
            }

            (_piece, _taken) = (piece, 0);
            _room.Release();
        }

        message = _piece[_taken++];
        return true;
    }

    /// <summary>Stops reading. What was not taken is forgotten.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
        _room.Dispose();
    }

    private Task<bool> Waiting() => _waiting is { IsCompleted: false } ? _waiting : _waiting = _pieces.Reader.WaitToReadAsync(CancellationToken.None).AsTask();

    private void Read()
    {
        try
        {
            while (true)
            {
                _room.Wait(_stopping.Token);
                _pieces.Writer.TryWrite(Gather(_consumer.Consume(_stopping.Token)));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            _pieces.Writer.Complete();
        }
        catch (Exception exception)
        {
            _pieces.Writer.Complete(exception);
        }
    }

    private List<T> Gather(ConsumeResult<byte[], byte[]> first)
    {
        List<T> piece = [];
        var bytes = 0L;
        for (var next = first; next is not null; next = _consumer.Consume(TimeSpan.Zero))
        {
            piece.Add(_read(next));
            bytes += (next.Message?.Key?.Length ?? 0) + (next.Message?.Value?.Length ?? 0);
            if (piece.Count >= LargestPiece || bytes >= LargestPieceBytes) break;
        }

        return piece;
    }
}
