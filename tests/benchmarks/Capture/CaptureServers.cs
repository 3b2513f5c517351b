using Npgsql;
using Platform.Harness;
using Platform.Local;
using Platform.Native.Kafka;
using Platform.Native.Postgres;

namespace Platform.Benchmarks.Capture;

/// <summary>A Postgres and a real Kafka of this run's own, with the table that is captured.</summary>
internal sealed class CaptureServers : IAsyncDisposable
{
    private const string Password = "known to this run only";

    private readonly TemporaryFolder _folder = new();
    private readonly PostgresNode _postgres;
    private readonly KafkaBroker _kafka;

    public CaptureServers()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KAFKA_HOME")))
            Environment.SetEnvironmentVariable("KAFKA_HOME", RepositoryFolder.Beside(Path.Combine("shared", "kafka")));
        Kafka = KafkaInstallation.Find() ?? throw new InvalidOperationException("Set KAFKA_HOME to a Kafka 4 install; this is measured against a real one.");
        _postgres = new PostgresNode("postgres", Folder("postgres"), LoopbackPort.Free(), [], PostgresPasswords.Same(Password), TextWriter.Null, isFirst: true);
        _kafka = new KafkaBroker(Kafka, Folder("kafka"), LoopbackPort.Free(), TextWriter.Null);
        Database = NpgsqlDataSource.Create(_postgres.SuperuserConnectionString);
    }

    public KafkaInstallation Kafka { get; }

    public NpgsqlDataSource Database { get; }

    public string BootstrapServers => $"127.0.0.1:{_kafka.Port}";

    public string CaptureConnectionString => _postgres.CdcConnectionString;

    public int Port => _postgres.Port;

    public static string RolePassword => Password;

    public string Folder(string name) => _folder[name];

    public async Task StartAsync()
    {
        await Task.WhenAll(_postgres.StartAsync(CancellationToken.None), _kafka.StartAsync(CancellationToken.None));
        await ExecuteAsync(
            """
            CREATE TABLE public.sales (
                tenant_id text NOT NULL, id bigint NOT NULL, first_name text NOT NULL, last_name text NOT NULL, company text, address text NOT NULL, city text NOT NULL,
                country text NOT NULL, email text NOT NULL, created timestamptz NOT NULL DEFAULT now(), total bigint NOT NULL, PRIMARY KEY (tenant_id, id));
            ALTER TABLE public.sales REPLICA IDENTITY FULL;
            CREATE PUBLICATION sales FOR TABLE public.sales;
            GRANT USAGE ON SCHEMA public TO platform_cdc;
            GRANT SELECT ON public.sales TO platform_cdc;
            """);
    }

    /// <summary>Inserts rows, a hundred a transaction.</summary>
    public Task InsertAsync(int first, int rows) => ExecuteAsync(
        $"""
         DO $$ BEGIN
             FOR i IN 0..{(rows / 100) - 1} LOOP
                 INSERT INTO public.sales SELECT 'tenant-' || n % 50, {first} + i * 100 + n, 'Ada', 'Lovelace ' || n, CASE WHEN n % 3 = 0 THEN 'Engines Ltd' END,
                     n || ' Long Street', 'London', 'United Kingdom', 'ada.' || n || '@example.com', now(), n * 7 FROM generate_series(0, 99) n;
                 COMMIT;
             END LOOP;
         END $$
         """);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string> ReadAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _kafka.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
