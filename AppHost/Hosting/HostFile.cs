using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace Platform.AppHost.Hosting;

/// <summary>
/// <c>host.json</c> in the data folder: the host's process and the state and addresses of each resource, for scripts on machines without
/// Aspire's command line tool. It is written anew at each change and deleted when the host stops.
/// </summary>
internal sealed class HostFile(
    DataFolder folder, ResourceMonitor monitor, CrashRestart restarts, IConfiguration configuration, IHostApplicationLifetime lifetime)
{
    public const string Name = "host.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private string FilePath => Path.Combine(folder.Path, Name);

    public void Begin()
    {
        monitor.Subscribe((_, _) => _changes.Writer.TryWrite(true));
        _ = WriteAsync(lifetime.ApplicationStopping);
    }

    private async Task WriteAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(stopping)) TryWrite();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            File.Delete(FilePath);
        }
    }

    // The platform runs without the file; the next change tries again.
    private void TryWrite()
    {
        try
        {
            Write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            HostConsole.Line($"[orange1]{Name} cannot be written:[/] {Markup.Escape(exception.Message)}");
        }
    }

    private void Write()
    {
        var content = new
        {
            pid = Environment.ProcessId,
            aspireDashboard = configuration["ASPNETCORE_URLS"],
            resources = monitor.States.Select(state => new
            {
                name = state.Name,
                state = state.IsReady ? "Healthy" : state.State,
                detail = state.Detail,
                pid = state.ProcessId,
                exitCode = state.ExitCode,
                restarts = restarts.CountOf(state.Name),
                urls = state.Urls.Select(url => url.Url),
            }),
        };
        var next = FilePath + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(content, Json));
        File.Move(next, FilePath, overwrite: true);
    }
}
