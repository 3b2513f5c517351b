-- The control plane's own tables, and the schema of the tenants' tables.
CREATE TABLE control.tenants (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    status     text NOT NULL CHECK (status IN ('active', 'suspended')),
    cluster    text NOT NULL,
    database   text NOT NULL,
    schema     text NOT NULL,
    mode       text NOT NULL CHECK (mode IN ('shared', 'schema', 'database')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- One row. The version outlives this service, so that a follower never mistakes an older directory for a newer one.
CREATE TABLE control.directory (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    version bigint NOT NULL
);
INSERT INTO control.directory (version) VALUES (1);

-- In the transaction of the change itself, whoever makes it.
CREATE FUNCTION control.advance_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE control.directory SET version = version + 1;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION control.advance_directory() FROM PUBLIC;
CREATE TRIGGER advance_directory AFTER INSERT OR UPDATE OR DELETE ON control.tenants
    FOR EACH ROW EXECUTE FUNCTION control.advance_directory();

-- Every statement that made the tables what they are.
CREATE TABLE control.schema_changes (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at               timestamptz NOT NULL DEFAULT now(),
    contract         text NOT NULL,
    contract_version text NOT NULL,
    statement        text NOT NULL,
    milliseconds     double precision NOT NULL
);

CREATE SCHEMA IF NOT EXISTS app;
REVOKE ALL ON SCHEMA app FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO platform_api, platform_readonly;
