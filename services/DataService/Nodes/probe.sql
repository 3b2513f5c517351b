-- Role, timeline, position and lag of this node. A replica that has replayed all it received is current, however old that is.
SELECT NOT recovering AS is_primary,
       CASE WHEN recovering
            THEN (SELECT timeline_id::bigint FROM pg_control_checkpoint())
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::bigint
       END AS timeline,
       CASE WHEN recovering THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END AS lsn,
       CASE WHEN recovering AND pg_last_wal_replay_lsn() < pg_last_wal_receive_lsn()
            THEN greatest(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0)
            ELSE 0
       END::double precision AS lag_seconds
FROM (SELECT pg_is_in_recovery() AS recovering) AS node
