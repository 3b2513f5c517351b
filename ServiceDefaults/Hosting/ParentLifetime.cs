using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults.Hosting;

/// <summary>
/// Lifetime of a process started by the local host: it lives as long as the pipe on its standard input is open, so that no
/// process stays behind when the host is killed, and it leaves Ctrl-C to the host, which stops resources in order by SIGTERM.
/// </summary>
internal sealed class ParentLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            application.StopApplication();
        }));
        new Thread(StopAtEndOfInput) { IsBackground = true, Name = "parent guard" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void StopAtEndOfInput()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[16];
        while (input.Read(buffer) > 0)
        {
        }

        application.StopApplication();
    }
}

/// <summary>Registration of <see cref="ParentLifetime"/>.</summary>
internal static class ParentLifetimeExtensions
{
    public static void AddParentLifetime(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        if (builder.Configuration["LOCALHOST_STDIN_GUARD"] == "1")
            builder.Services.AddSingleton<IHostLifetime, ParentLifetime>();
    }
}
