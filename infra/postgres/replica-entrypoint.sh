#!/bin/bash
# Entry point of a replica's container: clones the primary once, then follows it.
# Needs PRIMARY_HOST, PRIMARY_PORT, PLATFORM_REPLICATION_PASSWORD and REPLICA_NAME; arguments go to the server. PGDATA is a folder of
# the volume, not the volume itself, so that a clone can be made beside it.
set -euo pipefail

data="${PGDATA:?}"
volume="$(dirname "$data")"
slot="${REPLICA_NAME//-/_}"
passfile=/var/lib/postgresql/.pgpass

mkdir -p "$volume"
chown postgres:postgres "$volume" /var/lib/postgresql
printf '*:*:*:platform_replication:%s\n' "$PLATFORM_REPLICATION_PASSWORD" > "$passfile"
chown postgres:postgres "$passfile"
chmod 600 "$passfile"
export PGPASSFILE="$passfile"
unset PLATFORM_REPLICATION_PASSWORD

conninfo="host=$PRIMARY_HOST port=$PRIMARY_PORT user=platform_replication"

on_primary() { gosu postgres psql -XAtq --no-password -d "$conninfo dbname=platform" -c "$1"; }

clone() {
    echo "replica: cloning $PRIMARY_HOST:$PRIMARY_PORT, because $1"
    rm -rf "$data" "$data.new"
    # The slot is made first, and holds what the clone will need.
    on_primary "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot'" > /dev/null
    on_primary "SELECT pg_create_physical_replication_slot('$slot', true)" > /dev/null
    gosu postgres pg_basebackup --no-password --checkpoint=fast --wal-method=stream --slot="$slot" -d "$conninfo" -D "$data.new"
    gosu postgres touch "$data.new/standby.signal"
    # A clone that was broken off never gets the name that the server looks for.
    mv "$data.new" "$data"
}

# The primary gives up a slot that fell too far behind, and a new primary has none: such a replica can never catch up.
if ! state="$(on_primary "SELECT coalesce((SELECT coalesce(wal_status, 'new') FROM pg_replication_slots WHERE slot_name = '$slot'), 'missing')")"; then
    [[ -d "$data" ]] || exit 1
    echo "replica: the primary cannot be asked now; starting with the data of before"
elif [[ ! -d "$data" ]]; then
    clone "it has no data"
elif [[ "$state" == missing || "$state" == lost ]]; then
    clone "its slot on the primary is $state"
fi

exec gosu postgres postgres -D "$data" \
    -c "primary_conninfo=$conninfo passfile=$passfile application_name=$REPLICA_NAME" \
    -c "primary_slot_name=$slot" -c "cluster_name=$REPLICA_NAME" "$@"
