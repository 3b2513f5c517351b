using Npgsql;
using Platform.Cluster;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>
/// A node of a cluster. Its data say what it is: a replica while <c>standby.signal</c> is there, else the primary. A replica follows
/// whichever node is the primary, through a replication slot of its own, and is cloned from it when it has no data or can never follow with
/// those that it has. A primary whose place another node has taken comes back as a replica.
/// </summary>
public sealed class PostgresNode : PostgresServer
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100), CheckInterval = TimeSpan.FromSeconds(1), DriftPatience = TimeSpan.FromSeconds(15);

    private readonly IReadOnlyList<PostgresPeer> _peers;
    private readonly PostgresPasswords _passwords;
    private readonly bool _isFirst;
    private readonly NpgsqlDataSource _own;
    private readonly PeerConnections _others;
    private readonly PostgresBootstrap _bootstrap;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private string _passwordFile = "";
    private ReplicaDrift? _drift;
    private long? _notStreamingSince;

    /// <summary>A node that is not started yet.</summary>
    /// <param name="name">Its name; its replication slot is called so too, with <c>_</c> for <c>-</c>.</param>
    /// <param name="folder">Its own folder; made when missing.</param>
    /// <param name="port">Port of the loopback address to listen on.</param>
    /// <param name="peers">The cluster's other nodes; their ports may be others at every start.</param>
    /// <param name="passwords">Of the cluster's roles; the same as when the data was made.</param>
    /// <param name="log">Gets what the server writes, line by line, from several threads.</param>
    /// <param name="isFirst">True for the one node that makes a new cluster when no node has data.</param>
    /// <param name="time">Clock of restarts and checks.</param>
    public PostgresNode(
        string name, string folder, int port, IReadOnlyList<PostgresPeer> peers, PostgresPasswords passwords, TextWriter log, bool isFirst = false, TimeProvider? time = null)
        : base(name, folder, port, log, time ?? TimeProvider.System)
    {
        (_peers, _passwords, _isFirst) = (peers, passwords, isFirst);
        _own = NpgsqlDataSource.Create(ConnectionString("postgres", passwords.Superuser, "postgres") + ";Maximum Pool Size=3;Application Name=native-health");
        _others = new PeerConnections(peers, passwords.Replication);
        _bootstrap = new PostgresBootstrap(port, passwords);
    }

    /// <summary>This node as another one knows it.</summary>
    public PostgresPeer AsPeer => new(Name, Port, Path.GetFullPath(FolderPath));

    /// <summary>Connection string of <c>platform_owner</c>.</summary>
    public string OwnerConnectionString => ConnectionString("platform_owner", _passwords.Owner);

    /// <summary>Connection string of <c>platform_api</c>.</summary>
    public string ApiConnectionString => ConnectionString("platform_api", _passwords.Api);

    /// <summary>Connection string of <c>platform_readonly</c>.</summary>
    public string ReadonlyConnectionString => ConnectionString("platform_readonly", _passwords.Readonly);

    /// <summary>Connection string of <c>platform_cdc</c>.</summary>
    public string CdcConnectionString => ConnectionString("platform_cdc", _passwords.Cdc);

    /// <summary>Connection string of the superuser.</summary>
    public string SuperuserConnectionString => ConnectionString("postgres", _passwords.Superuser);

    private PostgresData OwnData => new(Folder.Data);

    // Another node that is the primary by its data, whether or not it answers.
    private PostgresPeer? OtherPrimary => _peers.Where(peer => peer.Data.IsPrimary).MaxBy(peer => peer.Data.Timeline);

    // A replica connects to whichever node takes writes. On a primary these have no effect.
    private protected override IEnumerable<string> Settings => _peers.Count == 0 ? [] :
    [
        $"primary_conninfo=host={string.Join(',', _peers.Select(_ => "127.0.0.1"))} port={string.Join(',', _peers.Select(peer => peer.Port))} user={PeerConnections.Role} "
            + $"passfile='{_passwordFile}' application_name={Name} target_session_attrs=read-write connect_timeout=2",
        $"primary_slot_name={AsPeer.Slot}",
    ];

    private protected override async Task PrepareDataAsync(CancellationToken cancellationToken)
    {
        ShutdownPosition.Remove(Folder.FullPath);
        _passwordFile = await Folder.WriteSecretAsync("passfile", $"*:*:*:{PeerConnections.Role}:{_passwords.Replication}\n", cancellationToken);
        if (!Folder.HasData)
        {
            if (_isFirst && !_peers.Any(peer => peer.Data.Exists)) await InitializeAsync(cancellationToken);
            else await CloneAsync(new("it has no data"), cancellationToken);
            return;
        }

        if ((await FindOrderedSuccessorAsync(cancellationToken) ?? await FindSuccessorAsync(cancellationToken)) is { } successor)
        {
            await LogAsync($"from now on a replica, because {successor} has taken its place");
            OwnData.MarkAsReplica();
        }

        if (OwnData.IsReplica && await FindDriftAsync(cancellationToken) is { } drift) await CloneAsync(drift, cancellationToken);
        _drift = null;
    }

    private protected override void OnStarted() => _watching = WatchAsync(_stopping.Token);

    private protected override async ValueTask<string?> FindProblemOfRunningAsync(CancellationToken cancellationToken)
    {
        await using var command = _own.CreateCommand("SELECT pg_is_in_recovery(), coalesce((SELECT status FROM pg_stat_wal_receiver), 'not connected')");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (isReplica, status) = (reader.GetBoolean(0), reader.GetString(1));
        await reader.DisposeAsync();
        if (isReplica) return status == "streaming" ? null : $"not streaming from the primary: {status}";
        if (PromotionOrder.Find(Folder.FullPath) is null && OtherPrimary is { } rival)
            return $"{rival.Name} is a primary too; the one on the older timeline becomes a replica by itself, of two on the same one delete the folder of the one that is wrong";
        await _bootstrap.EnsureAsync(Installation, cancellationToken);
        return null;
    }

    private protected override async Task OnStoppedAsync()
    {
        if (!Folder.HasData || OwnData.IsReplica) return;
        try
        {
            var control = await ReadControlAsync(OwnData, CancellationToken.None);
            if (control.IsShutDown) ShutdownPosition.Write(Folder.FullPath, control.Checkpoint.ToString());
        }
        catch (Exception exception) when (exception is ToolFailedException or IOException)
        {
            await LogAsync($"where its log ends is not known: {exception.Message}");
        }
    }

    private protected override async ValueTask DisposeConnectionsAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _bootstrap.Dispose();
        await _own.DisposeAsync();
        await _others.DisposeAsync();
    }

    // Text sorts by code point everywhere, so that a key's order does not depend on a library's version; letters are Unicode's.
    private static string CharacterClasses => OperatingSystem.IsWindows() ? "C" : OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8";

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await LogAsync($"making a new cluster with Postgres {Installation.Version} in {Folder.Data}");
        var passwordFile = await Folder.WriteSecretAsync(".superuser", _passwords.Superuser, cancellationToken);
        try
        {
            await Folder.CreateDataAsync(data => Tool.RunAsync(
                Installation.Command(
                    "initdb", "--username=postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8",
                    "--lc-collate=C", $"--lc-ctype={CharacterClasses}", "--data-checksums", "-D", data),
                Folder.Account, cancellationToken));
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>
    /// Name of the node that was ordered to take this primary's place, which has not written anything since; null when there is none.
    /// </summary>
    private async Task<string?> FindOrderedSuccessorAsync(CancellationToken cancellationToken)
    {
        if (OwnData.IsReplica || _peers.FirstOrDefault(peer => PromotionOrder.Find(peer.Folder)?.From == Name) is not { } ordered) return null;
        var control = await ReadControlAsync(OwnData, cancellationToken);
        return control.IsShutDown && control.Checkpoint.ToString() == PromotionOrder.Find(ordered.Folder)?.Position ? ordered.Name : null;
    }

    /// <summary>Name of the node that was promoted while this one was the primary; null when there is none.</summary>
    private async Task<string?> FindSuccessorAsync(CancellationToken cancellationToken)
    {
        if (OwnData.IsReplica) return null;
        if (OtherPrimary is not { } rival || rival.Data.Timeline <= OwnData.Timeline) return null;
        var (own, other) = (await ReadControlAsync(OwnData, cancellationToken), await ReadControlAsync(rival.Data, cancellationToken));
        return own.SystemIdentifier == other.SystemIdentifier ? rival.Name : null;
    }

    /// <summary>Why this replica's data can never follow the primary; null when it can, or when that cannot be known now.</summary>
    private async Task<ReplicaDrift?> FindDriftAsync(CancellationToken cancellationToken)
    {
        if (_drift is not null) return _drift;
        var control = await ReadControlAsync(OwnData, cancellationToken);
        if (OtherPrimary is { } other && ReplicaDrift.FindDivergence(OwnData, control, other.Data) is { } divergence) return divergence;
        try
        {
            if (await _others.FindPrimaryAsync(cancellationToken) is { } primary
                && await ReplicaDrift.FindOnPrimaryAsync(primary.Source, AsPeer.Slot, control.SystemIdentifier, cancellationToken) is { } found) return found;
        }
        catch (NpgsqlException)
        {
            // The primary went away; the watch asks again when it is back.
        }

        return null;
    }

    private async Task CloneAsync(ReplicaDrift drift, CancellationToken cancellationToken)
    {
        var primary = await _others.FindPrimaryAsync(cancellationToken);
        if (primary is null) await LogAsync("waiting for a primary to clone");
        while (primary is null)
        {
            await Task.Delay(WatchInterval, Time, cancellationToken);
            primary = await _others.FindPrimaryAsync(cancellationToken);
        }

        var (peer, source) = primary.Value;
        await LogAsync($"cloning the primary at port {peer.Port}, because {drift.Reason}");
        // The slot is made first, and holds what the clone will need.
        await ReplicationSlots.RenewAsync(source, AsPeer.Slot, cancellationToken);
        // What a primary committed that nobody followed exists nowhere else.
        if (drift.IsDivergence) Folder.SetDataAside();
        await Folder.CreateDataAsync(async data =>
        {
            var copy = Installation.Command(
                "pg_basebackup", "--no-password", "--checkpoint=fast", "--wal-method=stream", $"--slot={AsPeer.Slot}", "-D", data,
                "-d", $"host=127.0.0.1 port={peer.Port} user={PeerConnections.Role} application_name={Name}-clone");
            copy.Environment["PGPASSFILE"] = _passwordFile;
            await Tool.RunAsync(copy, Folder.Account, cancellationToken);
            new PostgresData(data).MarkAsReplica();
        });
    }

    private Task<ControlData> ReadControlAsync(PostgresData data, CancellationToken cancellationToken) => ControlData.ReadAsync(Installation, data, Folder.Account, cancellationToken);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, Time);
        var checkedAt = Time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var order = PromotionOrder.Find(Folder.FullPath);
            if ((order is null && Time.GetElapsedTime(checkedAt) < CheckInterval) || !Folder.AcceptsConnections()) continue;
            checkedAt = Time.GetTimestamp();
            try
            {
                if (order is not null) await CarryOutAsync(order, cancellationToken);
                else if (OwnData.IsReplica) await CheckReplicaAsync(cancellationToken);
                else await CheckPrimaryAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or ToolFailedException)
            {
                // It stops, or starts, or the other node does: the next look will tell.
                await LogAsync($"the check of its role is repeated: {exception.Message}");
            }
        }
    }

    /// <summary>Becomes the primary in another node's place.</summary>
    private async Task CarryOutAsync(PromotionOrder order, CancellationToken cancellationToken)
    {
        if (_peers.FirstOrDefault(peer => peer.Name == order.From) is not { } old)
        {
            await RemoveOrderAsync(order, "there is no such node");
            return;
        }

        if (OwnData.IsReplica)
        {
            if (!await IsEverythingHereAsync(order, old, cancellationToken))
            {
                if (ShutdownPosition.Find(old.Folder) is null && await IsStreamingAsync(cancellationToken)) await RemoveOrderAsync(order, "it was started again before the order");
                return;
            }

            // Before the promotion: what the others have not yet received of the log stays.
            foreach (var peer in _peers) await ReplicationSlots.EnsureAsync(_own, peer.Slot, cancellationToken);
            await LogAsync($"taking the place of {order.From}");
            await using var promote = _own.CreateCommand("SELECT pg_promote(true, 60)");
            promote.CommandTimeout = 70;
            await promote.ExecuteScalarAsync(cancellationToken);
            if (OwnData.IsReplica) return;
            // Until a checkpoint the control files of all nodes tell the old timeline.
            await using var checkpoint = _own.CreateCommand("CHECKPOINT");
            await checkpoint.ExecuteNonQueryAsync(cancellationToken);
        }

        // The order is what makes a replica of the old primary, until its own data say so.
        if (!old.Data.IsPrimary) PromotionOrder.Remove(Folder.FullPath);
    }

    /// <summary>
    /// True when the old primary is a replica already, or is shut down as the order says and this node has replayed its whole log. The old
    /// primary removes its position before it looks for an order, and this node looks for the position after it was given the order: one of
    /// the two sees the other, so the old primary cannot start as one unnoticed.
    /// </summary>
    private async Task<bool> IsEverythingHereAsync(PromotionOrder order, PostgresPeer old, CancellationToken cancellationToken)
    {
        if (!old.Data.IsPrimary) return true;
        if (ShutdownPosition.Find(old.Folder) != order.Position) return false;
        await using var compare = _own.CreateCommand("SELECT pg_last_wal_replay_lsn() > $1::pg_lsn");
        compare.Parameters.Add(new NpgsqlParameter<string> { TypedValue = order.Position });
        return await compare.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<bool> IsStreamingAsync(CancellationToken cancellationToken)
    {
        await using var ask = _own.CreateCommand("SELECT status = 'streaming' FROM pg_stat_wal_receiver");
        return await ask.ExecuteScalarAsync(cancellationToken) is true;
    }

    private Task RemoveOrderAsync(PromotionOrder order, string reason)
    {
        PromotionOrder.Remove(Folder.FullPath);
        return LogAsync($"the order to take the place of {order.From} is void: {reason}");
    }

    private async Task CheckPrimaryAsync(CancellationToken cancellationToken)
    {
        if (await FindSuccessorAsync(cancellationToken) is not { } successor) return;
        await LogAsync($"stopping, because {successor} is the primary now");
        Restart();
    }

    private async Task CheckReplicaAsync(CancellationToken cancellationToken)
    {
        await using (var ask = _own.CreateCommand(
            "SELECT received_tli > (SELECT timeline_id FROM pg_control_checkpoint()) FROM pg_stat_wal_receiver WHERE status = 'streaming'"))
        {
            if (await ask.ExecuteScalarAsync(cancellationToken) is bool isNewTimeline)
            {
                _notStreamingSince = null;
                await ReplicationSlots.DropAllAsync(_own, cancellationToken);
                if (!isNewTimeline) return;
                // So that its control file tells the new timeline, by which services know how old a token is.
                await using var checkpoint = _own.CreateCommand("CHECKPOINT");
                await checkpoint.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
        }

        _notStreamingSince ??= Time.GetTimestamp();
        if (Time.GetElapsedTime(_notStreamingSince.Value) < DriftPatience || await _others.FindPrimaryAsync(cancellationToken) is not { } primary) return;
        _notStreamingSince = null;
        var control = await ReadControlAsync(OwnData, cancellationToken);
        _drift = await ReplicaDrift.FindOnPrimaryAsync(primary.Source, AsPeer.Slot, control.SystemIdentifier, cancellationToken)
            ?? await ReplicaDrift.FindOfRunningAsync(_own, primary.Peer.Data.History(), primary.Source, AsPeer.Slot, cancellationToken);
        if (_drift is not null) Restart();
    }
}
