-- Slot $1: whether its log is still there, whether it is this database's, and where it stands.
SELECT coalesce(wal_status, 'lost') <> 'lost' AND restart_lsn IS NOT NULL,
       slot_type = 'logical' AND plugin = 'pgoutput' AND database = current_database(),
       confirmed_flush_lsn
FROM pg_replication_slots
WHERE slot_name = $1
