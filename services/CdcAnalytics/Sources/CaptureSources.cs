using Microsoft.Extensions.Options;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Contracts;
using Platform.Tenancy;

namespace Platform.CdcAnalytics.Sources;

/// <summary>The sources that are captured; the first is the default one, which is always there. Thread-safe.</summary>
internal sealed class CaptureSources : IAsyncDisposable
{
    private readonly BrokerSession _broker;
    private readonly BrokerProgress _progress;
    private readonly ChangeProducer _producer;
    private readonly ContractSet _contracts;
    private readonly TenantDirectory _directory;
    private readonly IConfiguration _configuration;
    private readonly CaptureOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly NpgsqlConnectionStringBuilder _platform;
    private readonly Lock _gate = new();
    private CaptureSource[] _all;

    /// <exception cref="InvalidOperationException">It is not configured where the default source is.</exception>
    public CaptureSources(
        BrokerSession broker, BrokerProgress progress, ChangeProducer producer, ContractSet contracts, TenantDirectory directory, IConfiguration configuration,
        IOptions<CaptureOptions> options, TimeProvider clock, ILoggerFactory loggers)
    {
        (_broker, _progress, _producer, _contracts, _directory, _configuration) = (broker, progress, producer, contracts, directory, configuration);
        (_options, _clock, _loggers) = (options.Value, clock, loggers);
        _platform = new(configuration.GetConnectionString("platform")
            ?? throw new InvalidOperationException("Set ConnectionStrings:platform to the primary, with the role that may replicate."));
        _all = [Create(new(_options.Cluster, _platform.Database!), _options)];
        if (!IsOn) Default.State.Off();
    }

    /// <summary>False when somebody else captures, and positions are not known.</summary>
    public bool IsOn => _options.Enabled;

    /// <summary>All of them at this moment.</summary>
    public IReadOnlyList<CaptureSource> All => Volatile.Read(ref _all);

    /// <summary>The one that is always there.</summary>
    public CaptureSource Default => All[0];

    /// <summary>That of a database, or null.</summary>
    public CaptureSource? Find(SourceAddress address) => All.FirstOrDefault(source => source.Address == address);

    /// <summary>The tenants of a source, by the directory.</summary>
    public IEnumerable<string> TenantsOf(SourceAddress address) => _directory.Snapshot.Tenants.Where(tenant => SourceAddress.Of(tenant) == address).Select(tenant => tenant.Id);

    /// <summary>Where a tenant's changes come from: the default source while the directory does not know the tenant; null when its source is not captured yet.</summary>
    public CaptureSource? OfTenant(string tenant) => _directory.Snapshot.Find(tenant) is { } placement ? Find(SourceAddress.Of(placement)) : Default;

    /// <summary>Begins with the default source and those that were captured before.</summary>
    public void Start()
    {
        Default.Start();
        foreach (var remembered in SourceNames.Remembered(_options)) Add(remembered);
    }

    /// <summary>Begins to capture the sources that the directory names and that are not captured yet.</summary>
    public void Follow()
    {
        foreach (var tenant in _directory.Snapshot.Tenants) Add(SourceAddress.Of(tenant));
    }

    /// <summary>Gives a source up: nothing is read from it any more, its slot is dropped, and it is forgotten.</summary>
    /// <returns>What is against it, or null when it is done.</returns>
    public async Task<string?> RemoveAsync(CaptureSource source, CancellationToken cancellationToken)
    {
        if (source == Default) return "It is the default source.";
        if (TenantsOf(source.Address).FirstOrDefault() is { } tenant) return $"The tenant '{tenant}' is placed there.";
        await source.StopAsync();
        string? problem = null;
        try
        {
            await source.ForgetAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            problem = $"The slot {source.Slot} could not be dropped ({exception.Message}). It is captured again.";
        }

        lock (_gate) Volatile.Write(ref _all, [.. _all.Where(other => other != source)]);
        _progress.Remove(source.Progress);
        await source.DisposeAsync();
        if (problem is not null) Add(source.Address);
        return problem;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var source in All) await source.DisposeAsync();
    }

    private void Add(SourceAddress address)
    {
        lock (_gate)
        {
            if (Find(address) is not null) return;
            var source = Create(address, SourceNames.Settings(_options, address));
            Volatile.Write(ref _all, [.. _all, source]);
            source.Start();
        }
    }

    private CaptureSource Create(SourceAddress address, CaptureOptions settings) => new(
        address, settings, () => ConnectionString(address), _broker, _progress.Add(address.Cluster, address.Database), _producer, _contracts, _clock, _loggers);

    private string? ConnectionString(SourceAddress address)
    {
        var cluster = address.Cluster == _options.Cluster ? _platform.ConnectionString : _configuration.GetConnectionString(address.Cluster);
        return cluster is null ? null : new NpgsqlConnectionStringBuilder(cluster) { Database = address.Database }.ConnectionString;
    }
}
