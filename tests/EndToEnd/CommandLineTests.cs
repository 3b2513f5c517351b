using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>What the host says when it does not start.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_tells_the_options()
    {
        var (exitCode, said) = await HostCommandLine.RunAsync("--help");
        Assert.Equal(0, exitCode);
        foreach (var option in new[] { "--reset", "--no-demo", "--data", "--quiet", "--infra" }) Assert.Contains(option, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_argument_is_named()
    {
        var (exitCode, said) = await HostCommandLine.RunAsync("--rest");
        Assert.Equal(1, exitCode);
        Assert.Contains("Unknown argument '--rest'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_setting_that_chooses_another()
    {
        using var taken = new TakenPort();
        var (exitCode, said) = await HostCommandLine.RunAsync("--data", _folder.FullPath, "--infra", "native", $"--Gateway:Port={taken.Number}", "--Dashboard:Port=0");
        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {taken.Number} of gateway is taken", said, StringComparison.Ordinal);
        Assert.Contains("--Gateway:Port=", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_folder_is_refused()
    {
        await using var other = new FileStream(_folder["host.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var (exitCode, said) = await HostCommandLine.RunAsync("--data", _folder.FullPath);
        Assert.Equal(1, exitCode);
        Assert.Contains($"Another host runs on {_folder.FullPath}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"owner-password\":", "parameters.json is no valid JSON")]
    public async Task Passwords_that_cannot_be_read_are_not_replaced_by_new_ones(string content, string message)
    {
        await File.WriteAllTextAsync(_folder["parameters.json"], content, TestContext.Current.CancellationToken);
        var (exitCode, said) = await HostCommandLine.RunAsync("--data", _folder.FullPath, "--infra", "native");
        Assert.Equal(1, exitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(_folder["parameters.json"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Reset_deletes_the_data_folder_and_the_volumes_of_containers_that_belong_to_it()
    {
        var data = Directory.CreateDirectory(_folder["data"]);
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "parameters.json"), "{}", TestContext.Current.CancellationToken);
        var programs = Directory.CreateDirectory(_folder["bin"]).FullName;
        var (docker, calls) = (Path.Combine(programs, "docker"), _folder["calls"]);
        await File.WriteAllTextAsync(docker, $"#!/bin/sh\necho \"$@\" >> {calls}\n[ \"$2\" = ls ] && echo volume-of-this-folder\nexit 0\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        // The port ends the start after the reset.
        using var taken = new TakenPort();
        var (exitCode, said) = await HostCommandLine.RunAsync(
            new Dictionary<string, string> { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" },
            ["--data", data.FullName, "--infra", "containers", "--reset", $"--Gateway:Port={taken.Number}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("is taken", said, StringComparison.Ordinal);
        var asked = await File.ReadAllTextAsync(calls, TestContext.Current.CancellationToken);
        Assert.Contains("volume ls --quiet --filter name=platform-", asked, StringComparison.Ordinal);
        Assert.Contains("volume rm --force volume-of-this-folder", asked, StringComparison.Ordinal);
        // New passwords go with new data.
        Assert.Contains("postgres-password", await File.ReadAllTextAsync(Path.Combine(data.FullName, "parameters.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private sealed class TakenPort : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public TakenPort() => _listener.Start();

        public string Number => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        public void Dispose() => _listener.Dispose();
    }
}
