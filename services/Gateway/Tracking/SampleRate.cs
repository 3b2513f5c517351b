namespace Platform.Gateway.Tracking;

/// <summary>
/// How many requests one kept request stands for, by how full the queue is: every one is kept until half of it is used, then one of 2, 4, 8 and 16. Kept
/// requests carry the number as their weight, so the sum of weights estimates all requests without a bias (Horvitz and Thompson, 1952).
/// </summary>
internal static class SampleRate
{
    public static int For(int waiting, int capacity) => (waiting * 8L / capacity) switch
    {
        < 4 => 1,
        4 => 2,
        5 => 4,
        6 => 8,
        _ => 16,
    };
}
