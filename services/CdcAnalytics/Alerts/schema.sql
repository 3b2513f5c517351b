-- Alerts and silences as JSON, one a row: what is pending, firing and told survives a restart.
CREATE TABLE IF NOT EXISTS _alerts
(
    id       VARCHAR NOT NULL,
    document VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS _silences
(
    id       VARCHAR NOT NULL,
    document VARCHAR NOT NULL
);
