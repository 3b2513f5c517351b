#!/bin/bash
# Entry point of a replica's container: clones the primary once, then follows it.
# Needs PRIMARY_HOST, PRIMARY_PORT, PLATFORM_REPLICATION_PASSWORD and REPLICA_NAME; arguments go to the server.
set -euo pipefail

data="${PGDATA:?}"
slot="${REPLICA_NAME//-/_}"
passfile=/var/lib/postgresql/.pgpass

mkdir -p "$data"
chown postgres:postgres "$data" /var/lib/postgresql
chmod 700 "$data"
printf '*:*:*:platform_replication:%s\n' "$PLATFORM_REPLICATION_PASSWORD" > "$passfile"
chown postgres:postgres "$passfile"
chmod 600 "$passfile"
export PGPASSFILE="$passfile"
unset PLATFORM_REPLICATION_PASSWORD

conninfo="host=$PRIMARY_HOST port=$PRIMARY_PORT user=platform_replication"

on_primary() { gosu postgres psql -XAtq -d "$conninfo dbname=platform" -c "$1"; }

# The primary gives up a slot that fell too far behind; such a replica can never catch up and is cloned again.
slot_state="$(on_primary "SELECT coalesce(wal_status, 'new') FROM pg_replication_slots WHERE slot_name = '$slot'")"
if [[ ! -f "$data/PG_VERSION" || -z "$slot_state" || "$slot_state" == lost ]]; then
    echo "replica: cloning $PRIMARY_HOST:$PRIMARY_PORT"
    find "$data" -mindepth 1 -delete
    [[ -z "$slot_state" ]] || on_primary "SELECT pg_drop_replication_slot('$slot')" > /dev/null
    on_primary "SELECT pg_create_physical_replication_slot('$slot', true)" > /dev/null
    gosu postgres pg_basebackup --no-password --checkpoint=fast --wal-method=stream --slot="$slot" \
        -d "$conninfo" -D "$data" || { find "$data" -mindepth 1 -delete; exit 1; }
    gosu postgres touch "$data/standby.signal"
fi

exec gosu postgres postgres -D "$data" \
    -c "primary_conninfo=$conninfo passfile=$passfile application_name=$REPLICA_NAME" \
    -c "primary_slot_name=$slot" -c "cluster_name=$REPLICA_NAME" "$@"
