-- One row a minute, series and tenant; the whole platform's have no tenant.
CREATE TABLE IF NOT EXISTS metric_minutes
(
    series    VARCHAR   NOT NULL,
    tenant_id VARCHAR,
    minute    TIMESTAMP NOT NULL,
    value     DOUBLE    NOT NULL
);
