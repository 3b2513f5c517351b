using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>The run of a service, from its settings to its end.</summary>
public static class ServiceRunExtensions
{
    /// <summary>Exit code of a service that cannot run as it is set up: starting it again does not help (sysexits' EX_CONFIG).</summary>
    public const int CannotRun = 78;

    /// <summary>
    /// Exit code of a service whose port another program has: it may be free at the next start (sysexits' EX_UNAVAILABLE).
    /// </summary>
    public const int CannotListen = 69;

    /// <summary>
    /// Runs the service until it is told to stop and gives its exit code. Wrong settings are told all at once, as sentences, before
    /// anything starts.
    /// </summary>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        // The binder reports a setting that does not exist as an invalid operation.
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            foreach (var failure in Failures(exception)) await Console.Error.WriteLineAsync($"Setting refused: {failure}");
            return CannotRun;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception exception)
            {
                // The host would be disposed with its background services at work: native clients then crash in the midst of a call.
                await app.StopAsync();
                if (exception is not IOException { InnerException: AddressInUseException }) throw;
                await Console.Error.WriteLineAsync($"{exception.Message} Another program listens there: stop it, or give this service another port.");
                return CannotListen;
            }

            await app.WaitForShutdownAsync();
        }

        return Environment.ExitCode;
    }

    private static IEnumerable<string> Failures(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.SelectMany(Failures),
        OptionsValidationException options => options.Failures,
        _ => [exception.Message],
    };
}
