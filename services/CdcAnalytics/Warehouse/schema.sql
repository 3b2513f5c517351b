CREATE SCHEMA IF NOT EXISTS history;
CREATE SCHEMA IF NOT EXISTS versions;
-- Rows that a snapshot has shown to be as they are here, until it is complete: what it did not bring is gone.
CREATE SCHEMA IF NOT EXISTS seen;

-- What makes a restart exact: how far each partition has been applied, by the changes' source, committed together with the rows.
CREATE TABLE IF NOT EXISTS _partitions
(
    topic       VARCHAR NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset BIGINT  NOT NULL,
    commit_lsn  UBIGINT NOT NULL,
    ordinal     BIGINT  NOT NULL
);
ALTER TABLE _partitions ADD COLUMN IF NOT EXISTS source VARCHAR DEFAULT 'cdc/platform';

-- Where a table was emptied: changes before that which arrive later do not bring rows back.
CREATE TABLE IF NOT EXISTS _truncated
(
    entity     VARCHAR NOT NULL,
    commit_lsn UBIGINT NOT NULL,
    ordinal    BIGINT  NOT NULL
);
ALTER TABLE _truncated ADD COLUMN IF NOT EXISTS source VARCHAR DEFAULT 'cdc/platform';

-- The sources that changes have come from.
CREATE TABLE IF NOT EXISTS _sources
(
    source VARCHAR NOT NULL
);

-- Whose offsets these are: an in-memory broker that was restarted begins again at 0.
CREATE TABLE IF NOT EXISTS _broker
(
    identity VARCHAR NOT NULL
);

-- Events that could not be applied, and those held back behind them.
CREATE SEQUENCE IF NOT EXISTS _dead_letter_ids;
CREATE TABLE IF NOT EXISTS _dead_letters
(
    id           BIGINT    NOT NULL,
    entity       VARCHAR   NOT NULL,
    topic        VARCHAR   NOT NULL,
    partition    INTEGER   NOT NULL,
    at_offset    BIGINT    NOT NULL,
    key          BLOB,
    value        BLOB      NOT NULL,
    reason       VARCHAR   NOT NULL,
    is_held_back BOOLEAN   NOT NULL,
    commit_lsn   UBIGINT,
    ordinal      BIGINT,
    parked_at    TIMESTAMP NOT NULL
);

-- What the lake gets beside the versions, one table an entity; up to which number its files have the changes; and the files.
CREATE SCHEMA IF NOT EXISTS lake;
CREATE TABLE IF NOT EXISTS _lake_exported
(
    entity VARCHAR NOT NULL,
    last   BIGINT  NOT NULL
);
CREATE TABLE IF NOT EXISTS _lake_files
(
    path   VARCHAR NOT NULL,
    entity VARCHAR NOT NULL
);

-- Figures kept ready as the contracts declare them, and what each was computed by, so that one that is declared differently is made anew.
CREATE SCHEMA IF NOT EXISTS rollup;
CREATE TABLE IF NOT EXISTS _rollups
(
    name       VARCHAR NOT NULL,
    definition VARCHAR NOT NULL
);

-- Has a row once the warehouse has taken up its work: an empty one beside a lake with files is to be filled from them.
CREATE TABLE IF NOT EXISTS _founded
(
    at_sequence BIGINT NOT NULL
);

-- Number of the changes that were applied together last.
CREATE TABLE IF NOT EXISTS _sequence
(
    last BIGINT NOT NULL
);
