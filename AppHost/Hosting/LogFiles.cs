using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Writes what each resource logs to <c>logs/{name}.log</c> in the data folder and, unless <c>Host:Quiet</c> is set, to the terminal.
/// Values of secret parameters are replaced before a line goes anywhere.
/// </summary>
internal sealed class LogFiles(
    DataFolder folder, ResourceMonitor monitor, DistributedApplicationModel model, ResourceLoggerService logs, IConfiguration configuration, IHostApplicationLifetime lifetime)
{
    private readonly bool _quiet = bool.TryParse(configuration["Host:Quiet"], out var quiet) && quiet;

    public void Begin()
    {
        var width = monitor.Resources.Max(resource => resource.Name.Length);
        for (var i = 0; i < monitor.Resources.Count; i++)
        {
            var (resource, colour) = (monitor.Resources[i], HostConsole.ColourOf(i));
            _ = CopyAsync(resource, line => HostConsole.Line(resource.Name, width, colour, line), lifetime.ApplicationStopped);
        }
    }

    private async Task CopyAsync(IResource resource, Action<string> print, CancellationToken stopped)
    {
        // Aspire's services await from whatever thread; the topology's thread has other things to do.
        await Task.Yield();
        using var file = new LogFile(folder.Logs, resource.Name);
        var secrets = await SecretsAsync(stopped);
        try
        {
            await foreach (var lines in logs.WatchAsync(resource).WithCancellation(stopped))
            {
                foreach (var line in lines)
                {
                    var text = LogText.Clean(line.Content, secrets);
                    TryWrite(file, resource, text);
                    if (!_quiet) print(text);
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // Everything has stopped.
        }
    }

    // A full disk costs lines, not the rest of the log.
    private static void TryWrite(LogFile file, IResource resource, string text)
    {
        try
        {
            file.Write(text);
        }
        catch (IOException exception)
        {
            HostConsole.Line($"[orange1]The log of {resource.Name} cannot be written:[/] {Markup.Escape(exception.Message)}");
        }
    }

    private async Task<IReadOnlyList<string>> SecretsAsync(CancellationToken cancellationToken)
    {
        List<string> secrets = [];
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            if (await parameter.GetValueAsync(cancellationToken) is { Length: > 0 } value) secrets.Add(value);
        }

        return secrets;
    }
}
