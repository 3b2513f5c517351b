namespace Platform.CdcAnalytics.Publishing;

/// <summary>A topic of one producer's client. Kept for as long as the producer.</summary>
/// <param name="name">The topic's name.</param>
/// <param name="pointer">The library's topic.</param>
internal sealed class TopicHandle(string name, nint pointer)
{
    private long[] _ends = [];

    /// <summary>The topic's name.</summary>
    public string Name => name;

    /// <summary>The library's topic.</summary>
    public nint Pointer => pointer;

    /// <summary>The offset after the last message that the producer is known to have in a partition; 0 before the first. For the listener alone.</summary>
    public ref long EndOf(int partition)
    {
        if (partition >= _ends.Length) Array.Resize(ref _ends, partition + 1);
        return ref _ends[partition];
    }
}
