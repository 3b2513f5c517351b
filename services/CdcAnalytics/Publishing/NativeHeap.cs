using System.Runtime.InteropServices;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>The memory that native libraries take (<see href="https://man7.org/linux/man-pages/man3/mallopt.3.html">mallopt</see>,
/// <see href="https://man7.org/linux/man-pages/man3/malloc_trim.3.html">malloc_trim</see>).</summary>
internal static partial class NativeHeap
{
    private const int MostArenas = -8;

    /// <summary>
    /// Most arenas of the heap. glibc gives each thread one, and keeps what one thread took and another freed: messages are made by all threads of the pool and freed by the
    /// client's, so a hundred megabytes and more stay behind a large transaction. Other C libraries have no arenas.
    /// </summary>
    public static void LimitArenas(int most)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(MostArenas, most);
        }
        catch (EntryPointNotFoundException)
        {
            // Nothing to limit.
        }
    }

    /// <summary>Gives back to the system what nobody uses; by itself the heap does so at its upper end only. Takes some milliseconds.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = TrimHeap(keep: 0);
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries give back by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);
}
