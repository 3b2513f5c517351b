using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platform.Native.Processes;

/// <summary>Signals that end a process, with the numbers that Linux and macOS share.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

/// <summary>Sends signals; where there are none (Windows) the process is killed.</summary>
internal static partial class Signals
{
    public static void Send(Process process, Signal signal)
    {
        try
        {
            if (OperatingSystem.IsWindows() || signal == Signal.Kill) process.Kill(entireProcessTree: true);
            else _ = Kill(process.Id, (int)signal);
        }
        catch (InvalidOperationException)
        {
            // Already gone.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
