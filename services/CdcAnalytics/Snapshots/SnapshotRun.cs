namespace Platform.CdcAnalytics.Snapshots;

/// <summary>One snapshot: what is to be read, and how far that has come. Stored with the source's state. Thread-safe.</summary>
internal sealed class SnapshotRun
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Ticket, SnapshotPart Part, long Rows, IReadOnlyList<string> After, bool IsDone)> _noted = new();

    /// <summary>Names it in the API.</summary>
    public required string Id { get; init; }

    /// <summary>Why it is made.</summary>
    public required string Reason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>
    /// Position that its rows are not older than: a row of the whole table that the warehouse has from before it, and that the snapshot did not
    /// bring, is gone.
    /// </summary>
    public ulong Lsn { get; set; }

    /// <summary>True when changes may have been missed, so that what is gone must be found out by what the snapshot does not bring.</summary>
    public required bool Reconciles { get; init; }

    /// <summary>Its tables, or parts of tables.</summary>
    public required IReadOnlyList<SnapshotPart> Parts { get; init; }

    /// <summary>What becomes of it.</summary>
    public SnapshotStatus Status { get; set; }

    /// <summary>Why it failed, or null.</summary>
    public string? Problem { get; set; }

    /// <summary>When the last row was durable; null before.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A row was sent, and with it everything of the part before it. It counts when the ticket is durable.</summary>
    /// <param name="ticket">What the row was sent with.</param>
    /// <param name="part">The part.</param>
    /// <param name="rows">Rows sent since the last note.</param>
    /// <param name="after">The row's key, or where it lies.</param>
    /// <param name="isDone">True behind the part's last row.</param>
    public void Note(long ticket, SnapshotPart part, long rows, IReadOnlyList<string> after, bool isDone)
    {
        lock (_gate)
        {
            _noted.Enqueue((ticket, part, rows, after, isDone));
            part.SentRows += rows;
            if (after.Count > 0) part.SentAfter = after;
            part.IsSent |= isDone;
        }
    }

    /// <summary>The file that a part was read from is another one, so nobody knows which of its rows were sent: it is read anew, in the order of its key.</summary>
    public void StartOver(SnapshotPart part)
    {
        lock (_gate)
        {
            for (var left = _noted.Count; left > 0; left--)
            {
                var note = _noted.Dequeue();
                if (note.Part != part) _noted.Enqueue(note);
            }

            part.File = null;
            part.After = part.SentAfter = null;
            part.Rows = part.SentRows = 0;
        }
    }

    /// <summary>Takes over what is durable by now.</summary>
    /// <param name="durableTicket">Every ticket before it is.</param>
    /// <returns>True when there was something.</returns>
    public bool Settle(long durableTicket)
    {
        lock (_gate)
        {
            var settled = false;
            while (_noted.TryPeek(out var note) && note.Ticket < durableTicket)
            {
                _noted.Dequeue();
                settled = true;
                note.Part.Rows += note.Rows;
                if (note.After.Count > 0) note.Part.After = note.After;
                note.Part.IsDone |= note.IsDone;
            }

            return settled;
        }
    }

    /// <summary>True when all of it is sent.</summary>
    public bool IsSent() => Parts.All(part => part.IsSent);

    /// <summary>True when all of it is durable.</summary>
    public bool IsDone() => Parts.All(part => part.IsDone);
}
