using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>What the host says when it does not start.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_tells_the_options()
    {
        var (exitCode, said) = await RunAsync("--help");
        Assert.Equal(0, exitCode);
        foreach (var option in new[] { "--reset", "--no-demo", "--data", "--quiet", "--infra" }) Assert.Contains(option, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_argument_is_named()
    {
        var (exitCode, said) = await RunAsync("--rest");
        Assert.Equal(1, exitCode);
        Assert.Contains("Unknown argument '--rest'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_setting_that_chooses_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("platform-");
        var (exitCode, said) = await RunAsync("--data", folder.FullName, $"--Gateway:Port={port}", "--Dashboard:Port=0");
        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port} of gateway is taken", said, StringComparison.Ordinal);
        Assert.Contains("--Gateway:Port=", said, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        using var host = Process.Start(new ProcessStartInfo("dotnet", [RepositoryFolder.AppHost, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (host.StandardOutput.ReadToEndAsync(), host.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await host.WaitForExitAsync(patience.Token);
        return (host.ExitCode, await output + await error);
    }
}
