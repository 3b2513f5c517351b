using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;
using Platform.Native.Processes;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>A Postgres that is not there, or not the right one: one sentence that says what to do.</summary>
public sealed class PostgresInstallationTests : IDisposable
{
    private const int CannotRun = 78;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_there_is_no_Postgres_the_command_that_installs_it_is_named()
    {
        var (exitCode, reason) = await RunAsync(Directory.CreateDirectory(_folder["bin"]).FullName);
        Assert.Equal(CannotRun, exitCode);
        Assert.Contains($"POSTGRES_BIN names {_folder["bin"]}, which has none. Install it: ", reason, StringComparison.Ordinal);
        Assert.Matches("(apt-get|dnf|zypper|pacman|apk|brew|winget) .*postgresql|https://www.postgresql.org/download/", reason);
        Assert.Single(reason.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_Postgres_that_is_too_old_is_named_with_its_version()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var program in new[] { "postgres", "initdb", "pg_ctl", "pg_basebackup", "pg_controldata", "psql" })
        {
            var script = Path.Combine(_folder["bin"], program);
            await File.WriteAllTextAsync(script, "#!/bin/sh\necho 'postgres (PostgreSQL) 14.19'\n", Cancellation);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var (exitCode, reason) = await RunAsync(_folder["bin"]);
        Assert.Equal(CannotRun, exitCode);
        Assert.Contains($"PostgreSQL 15 or newer is needed and only older ones were found: {_folder["bin"]} has 14.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_version_is_left_alone_and_both_versions_are_named()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder["primary"], "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "12\n", Cancellation);
        await using var log = new ServerLog();
        await using var primary = PostgresNodes.First(_folder["primary"], log);
        var refused = await Assert.ThrowsAsync<NativeServerException>(() => primary.StartAsync(Cancellation));

        var installed = (await PostgresInstallation.FindAsync(Cancellation)).Version;
        Assert.Matches($"^The data in .*/data was made by Postgres 12, and .* has {installed}\\. Name a Postgres 12 in POSTGRES_BIN, or start from zero with --reset\\.$", refused.Message);
        Assert.Equal(["PG_VERSION"], Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName));
    }

    private Task<(int ExitCode, string Reason)> RunAsync(string postgresFolder) => NativeProgram.RunAsync(
        ["postgres", "--name", "postgres", "--first", "--port", $"{LoopbackPort.Free()}", "--health-port", $"{LoopbackPort.Free()}", "--data", _folder["data"]],
        Cancellation,
        [
            ("POSTGRES_BIN", postgresFolder),
            .. new[] { "POSTGRES", "PLATFORM_OWNER", "PLATFORM_API", "PLATFORM_READONLY", "PLATFORM_REPLICATION", "PLATFORM_CDC" }.Select(role => ($"{role}_PASSWORD", "secret")),
        ]);
}
