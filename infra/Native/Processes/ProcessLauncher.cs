using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Native.Processes;

/// <summary>
/// Starts child processes so that none stays behind when this process is killed, and so that Ctrl-C in the terminal does not
/// reach them. On Linux this is the kernel's parent-death signal, which is bound to the <em>thread</em> that started the child: all
/// children are therefore started by one thread that lives as long as the process. Elsewhere a clean stop is all there is.
/// </summary>
internal static class ProcessLauncher
{
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly string? SetPriv = ExecutablePath.Find("setpriv");
    private static readonly string? SetSid = ExecutablePath.Find("setsid");

    static ProcessLauncher() => new Thread(() =>
    {
        foreach (var start in Work.GetConsumingEnumerable()) start();
    }) { IsBackground = true, Name = "process launcher" }.Start();

    /// <summary>Starts <paramref name="command"/>.</summary>
    /// <param name="command">What to run; its environment and redirections are kept.</param>
    /// <param name="account">The account to run as; null for the current one.</param>
    /// <param name="deathSignal">What the child gets when this process dies without stopping it.</param>
    public static Task<Process> StartAsync(ProcessStartInfo command, UnixAccount? account = null, Signal deathSignal = Signal.Kill)
    {
        var guarded = Guard(command, account, deathSignal);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(guarded)!);
            }
#pragma warning disable CA1031 // Whatever it is belongs to the caller, not to this thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    private static ProcessStartInfo Guard(ProcessStartInfo command, UnixAccount? account, Signal deathSignal)
    {
        command.UseShellExecute = false;
        if (!OperatingSystem.IsLinux() || SetPriv is null)
        {
            if (account is not null)
                throw new NativeServerException("setpriv (package util-linux) is needed to run a server as another account than root.");
            return command;
        }

        List<string> arguments =
        [
            .. SetSid is null ? [] : new[] { SetPriv },
            "--pdeathsig", NameOf(deathSignal),
            .. account is null ? [] : new[] { "--reuid", account.Name, "--regid", account.Group, "--init-groups" },
            "--", command.FileName, .. command.ArgumentList,
        ];
        command.FileName = SetSid ?? SetPriv;
        command.ArgumentList.Clear();
        foreach (var argument in arguments) command.ArgumentList.Add(argument);
        return command;
    }

    private static string NameOf(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Quit => "QUIT",
        Signal.Terminate => "TERM",
        _ => "KILL",
    };
}
