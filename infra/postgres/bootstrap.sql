-- What a cluster needs before any service connects: the database, the login roles, the publication and the capture's slot.
-- Run by psql as superuser, by infra/Native at every start and by the postgres image once; running it again changes nothing.
-- Passwords come from environment variables, so that they are in no argument list and in no log.
\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password PLATFORM_OWNER_PASSWORD
\getenv api_password PLATFORM_API_PASSWORD
\getenv readonly_password PLATFORM_READONLY_PASSWORD
\getenv replication_password PLATFORM_REPLICATION_PASSWORD
\getenv cdc_password PLATFORM_CDC_PASSWORD

SET client_min_messages = warning;
-- A failing statement is not written to the server's log, for it may hold a password.
SET log_min_error_statement = panic;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['platform_owner', 'platform_api', 'platform_readonly', 'platform_replication', 'platform_cdc']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE platform_owner       LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE platform_api         LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION PASSWORD :'api_password';
ALTER ROLE platform_readonly    LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION PASSWORD :'readonly_password';
ALTER ROLE platform_replication LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS REPLICATION   PASSWORD :'replication_password';
ALTER ROLE platform_cdc         LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS   REPLICATION   PASSWORD :'cdc_password';

-- A replica asks the primary and itself how replication is doing.
GRANT pg_read_all_stats TO platform_replication;

SELECT 'CREATE DATABASE platform OWNER platform_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'platform')
\gexec

REVOKE ALL ON DATABASE platform, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE platform TO platform_api, platform_readonly, platform_replication, platform_cdc;

\connect platform
SET client_min_messages = warning;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- The publication comes before the slot: a change decoded before its publication exists is an error for ever.
SELECT 'CREATE PUBLICATION platform WITH (publish_via_partition_root = true)'
WHERE NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'platform')
\gexec
ALTER PUBLICATION platform OWNER TO platform_owner;

