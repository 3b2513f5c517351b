using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>A primary dies and its replica becomes the primary. Postgres 15 does not take the slot along, nor what the replica did not have yet.</summary>
public sealed class PromotedSourceTests(PlatformServers servers, BrokerFixture broker) : IClassFixture<BrokerFixture>, IAsyncLifetime
{
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private static readonly EntityContract Things = new()
    {
        Name = "promoted_things", Version = "1.0.0", Columns = [Id, new() { Name = "name", Type = ColumnType.Text }], Key = Id,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryStub _directory = new();
    private PostgresNode _primary = null!;
    private PostgresNode _replica = null!;
    private bool _isPrimaryGone;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _primary = PostgresNodes.First(_folder["primary"], servers.Log);
        await _primary.StartAsync(Cancellation);
        _replica = Replica();
        await _replica.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        if (!_isPrimaryGone) await _primary.DisposeAsync();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_pipeline_goes_on_with_what_the_new_primary_has_and_what_it_never_had_is_gone()
    {
        var settings = new CaptureOptions { StatePath = Path.Combine(_folder["capture"], "state.json"), SpoolPath = _folder["spool"], ConfirmInterval = TimeSpan.FromMilliseconds(50) };
        await using (var superuser = Superuser(_primary.SuperuserConnectionString))
        {
            await superuser.ExecuteAsync(
                """
                CREATE SCHEMA IF NOT EXISTS app;
                CREATE TABLE app.promoted_things (tenant_id text NOT NULL, id bigint NOT NULL, name text, PRIMARY KEY (tenant_id, id));
                ALTER TABLE app.promoted_things REPLICA IDENTITY FULL;
                ALTER PUBLICATION platform ADD TABLE app.promoted_things;
                GRANT USAGE ON SCHEMA app TO platform_cdc;
                GRANT SELECT ON app.promoted_things TO platform_cdc;
                INSERT INTO app.promoted_things VALUES ('jane', 1, 'old'), ('jane', 2, 'old');
                """,
                Cancellation);
            await using var before = Pipeline(settings, _primary.CdcConnectionString);
            await before.StartAsync(Cancellation);
            await before.HasAsync("jane 1 old, jane 2 old", Cancellation);
            await StopReplicaAsync();

            // Capture hears of these; the replica never will.
            await superuser.ExecuteAsync("UPDATE app.promoted_things SET name = 'lost' WHERE id = 1", Cancellation);
            await superuser.ExecuteAsync("INSERT INTO app.promoted_things SELECT 'jane', 3, 'lost'", Cancellation);
            await before.HasAsync("jane 1 lost, jane 2 old, jane 3 lost", Cancellation);
        }

        await PromoteAsync();
        await using var promoted = Superuser(_replica.ConnectionString("postgres", PlatformServers.Password));
        await using var after = Pipeline(settings, _replica.ConnectionString("platform_cdc", PlatformServers.Password));
        await after.StartAsync(Cancellation);
        await after.HasAsync("jane 1 old, jane 2 old", Cancellation);
        Assert.Equal(2u, after.Sources.Default.Keeper.Timeline);

        await promoted.ExecuteAsync("INSERT INTO app.promoted_things VALUES ('jane', 4, 'new')", Cancellation);
        await promoted.ExecuteAsync("DELETE FROM app.promoted_things WHERE id = 2", Cancellation);
        await after.HasAsync("jane 1 old, jane 4 new", Cancellation);
    }

    private PostgresNode Replica() => PostgresNodes.Replica(_folder["replica"], _primary, servers.Log);

    // The replica has everything of before, and is not there for what comes then.
    private async Task StopReplicaAsync()
    {
        await using (var replica = Superuser(_replica.ConnectionString("postgres", PlatformServers.Password)))
        {
            await Eventually.HoldsAsync(
                async () => (await replica.ReadAsync<long>("SELECT count(*) FROM app.promoted_things", Cancellation) == 2, "the replica has not both rows"), Deadline.Usual, Cancellation);
        }

        await _replica.DisposeAsync();
    }

    // Without a primary it never says that it is ready, which does not matter to who promotes it.
    private async Task PromoteAsync()
    {
        await _primary.DisposeAsync();
        _isPrimaryGone = true;
        _replica = Replica();
        _ = _replica.StartAsync(Cancellation);
        await using var replica = Superuser(_replica.ConnectionString("postgres", PlatformServers.Password));
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await replica.ReadAsync<bool>("SELECT pg_promote()", Cancellation), "not promoted");
                }
                catch (NpgsqlException exception)
                {
                    return (false, exception.Message);
                }
            },
            Deadline.Usual,
            Cancellation);
    }

    private SeveralSources Pipeline(CaptureOptions settings, string connectionString) => new(
        Things, _folder, broker.BootstrapServers, settings, _directory.Directory, new Dictionary<string, string> { ["platform"] = connectionString });

    private static NpgsqlDataSource Superuser(string connectionString) => NpgsqlDataSource.Create(connectionString);
}
