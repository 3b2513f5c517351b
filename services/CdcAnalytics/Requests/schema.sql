-- One row a request event of the gateway; a request that was kept for several has their number as its weight.
CREATE TABLE IF NOT EXISTS requests
(
    id          UUID      NOT NULL,
    time        TIMESTAMP NOT NULL,
    tenant_id   VARCHAR,
    user_id     VARCHAR,
    method      VARCHAR   NOT NULL,
    route       VARCHAR,
    path        VARCHAR   NOT NULL,
    query       VARCHAR,
    status      INTEGER   NOT NULL,
    duration_ms DOUBLE    NOT NULL,
    is_stream   BOOLEAN   NOT NULL,
    user_agent  VARCHAR,
    client      VARCHAR,
    referrer    VARCHAR,
    weight      DOUBLE    NOT NULL
);

-- How far each partition has been read, committed together with the rows; offsets mean something to one broker only.
CREATE TABLE IF NOT EXISTS _request_offsets
(
    broker      VARCHAR NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset BIGINT  NOT NULL
);
