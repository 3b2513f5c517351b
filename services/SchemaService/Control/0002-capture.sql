-- The change capture reads published tables for its snapshots.
GRANT USAGE ON SCHEMA app TO platform_cdc;
