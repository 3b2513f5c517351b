-- Every way in this database by which a tenant's rows could be seen, changed or guessed by others: one line each, none when all is well.
-- Run as superuser. What a rule forbids stands beside it.
WITH relation AS (
    SELECT c.oid, c.relkind, c.relowner, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, n.nspname AS schema,
           format('%s.%s', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
),
tenant_table AS (
    SELECT r.*, (SELECT a.attnum FROM pg_attribute a
                 WHERE a.attrelid = r.oid AND a.attname = 'tenant_id' AND a.atttypid = 'text'::regtype AND a.attnotnull) AS tenant
    FROM relation r WHERE r.schema = 'app' AND r.relkind IN ('r', 'p')
),
-- Without the casts, parentheses and alias that Postgres adds to an expression it writes back.
policy AS (
    SELECT p.polname, t.name AS on_table, p.polrelid,
           p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
           AND regexp_replace(lower(pg_get_expr(p.polqual, p.polrelid)), decoration, '', 'g') = tenant_only
           AND regexp_replace(lower(pg_get_expr(p.polwithcheck, p.polrelid)), decoration, '', 'g') = tenant_only AS isolates
    FROM pg_policy p JOIN tenant_table t ON t.oid = p.polrelid
    CROSS JOIN (VALUES ('::text|as "?nullif"?|[\s()]', $$tenant_id=selectnullifcurrent_setting'app.tenant_id',true,''$$)) AS form (decoration, tenant_only)
),
login AS (
    SELECT * FROM pg_roles WHERE rolcanlogin AND NOT (rolsuper AND oid = 10)
),
allowed (role, privilege) AS (
    VALUES ('platform_api', 'SELECT'), ('platform_api', 'INSERT'), ('platform_api', 'UPDATE'), ('platform_api', 'DELETE'), ('platform_readonly', 'SELECT'), ('platform_cdc', 'SELECT')
),
held AS (
    SELECT l.rolname AS role, r.name, r.schema, r.relkind, r.relispartition, p.privilege
    FROM relation r CROSS JOIN login l
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
    WHERE l.oid <> r.relowner AND NOT l.rolsuper AND CASE
        WHEN p.privilege IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(l.oid, r.oid, p.privilege)
        ELSE has_any_column_privilege(l.oid, r.oid, p.privilege) END
)
-- A table that does not say whose its rows are.
SELECT 'no-tenant' AS rule, name AS object FROM tenant_table WHERE tenant IS NULL
UNION ALL
SELECT 'not-enabled', name FROM tenant_table WHERE NOT relrowsecurity
UNION ALL
-- Else its owner sees everything.
SELECT 'not-forced', name FROM tenant_table WHERE NOT relforcerowsecurity
UNION ALL
SELECT 'no-policy', name FROM tenant_table t
WHERE NOT relispartition AND NOT EXISTS (SELECT FROM policy p WHERE p.polrelid = t.oid AND p.isolates)
UNION ALL
-- Permissive policies add up, so each one must hold by itself.
SELECT 'other-policy', format('%s on %s', polname, on_table) FROM policy WHERE isolates IS NOT TRUE
UNION ALL
-- TRUNCATE knows no policies, REFERENCES and TRIGGER go around them; partitions and views are reached through nothing but a table.
SELECT 'privilege', format('%s of %s on %s', privilege, role, name) FROM held h
WHERE h.schema <> 'app' OR h.relkind NOT IN ('r', 'p') OR h.relispartition OR (role, privilege) NOT IN (SELECT a.role, a.privilege FROM allowed a)
   -- What the capture may read is what the log tells it anyway.
   OR (role = 'platform_cdc' AND name NOT IN (SELECT format('%s.%s', schemaname, tablename) FROM pg_publication_tables WHERE pubname = 'platform'))
UNION ALL
-- Else a refusal tells that another tenant has the value.
SELECT 'unique-without-tenant', i.indexrelid::regclass::text FROM pg_index i JOIN tenant_table t ON t.oid = i.indrelid
WHERE (i.indisunique OR i.indisexclusion) AND (t.tenant = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) IS NOT TRUE
UNION ALL
-- Else a row can refer to another tenant's: foreign keys are checked without policies.
SELECT 'reference-without-tenant', format('%s of %s', k.conname, t.name) FROM pg_constraint k JOIN tenant_table t ON t.oid = k.conrelid
WHERE k.contype = 'f' AND NOT EXISTS (
    SELECT FROM unnest(k.conkey, k.confkey) AS pair (own, target)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = pair.target AND a.attname = 'tenant_id'
    WHERE pair.own = t.tenant)
UNION ALL
-- Such a view reads as its owner.
SELECT 'view-as-owner', name FROM relation
WHERE relkind = 'v' AND NOT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean)
UNION ALL
-- It holds the rows that were visible to whoever refreshed it.
SELECT 'materialized-view', name FROM relation WHERE relkind = 'm'
UNION ALL
SELECT 'function-as-owner', p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
UNION ALL
SELECT 'powerful-role', rolname FROM login
WHERE rolsuper OR (rolbypassrls AND rolname <> 'platform_cdc') OR rolcreaterole OR rolcreatedb OR (rolreplication AND rolname NOT IN ('platform_replication', 'platform_cdc'))
UNION ALL
SELECT 'membership', format('%s in %s', l.rolname, g.rolname)
FROM pg_auth_members m JOIN login l ON l.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
WHERE (l.rolname, g.rolname) <> ('platform_replication', 'pg_read_all_stats')
UNION ALL
SELECT 'ownership', format('%s owns %s', l.rolname, pg_describe_object(d.classid, d.objid, d.objsubid))
FROM pg_shdepend d JOIN login l ON l.oid = d.refobjid
WHERE d.deptype = 'o' AND d.refclassid = 'pg_authid'::regclass AND l.rolname <> 'platform_owner'
  AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'ownership', format('%s is not platform_owner''s', name) FROM relation
WHERE schema = 'app' AND relowner <> (SELECT oid FROM pg_roles WHERE rolname = 'platform_owner')
UNION ALL
SELECT 'may-create', format('%s in %s', l.rolname, n.nspname) FROM pg_namespace n CROSS JOIN login l
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND NOT l.rolsuper AND l.rolname <> 'platform_owner' AND has_schema_privilege(l.oid, n.oid, 'CREATE')
UNION ALL
-- They would grant what nobody wrote to tables that are still to come.
SELECT 'default-privilege', format('of %s', pg_get_userbyid(defaclrole)) FROM pg_default_acl
ORDER BY rule, object
