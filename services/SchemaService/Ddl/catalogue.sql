-- What the tables of schema $1 are, as far as contracts decide it: one JSON object a table.
SELECT json_build_object(
    'name', c.relname,
    'partitionOf', (SELECT parent.relname FROM pg_inherits i JOIN pg_class parent ON parent.oid = i.inhparent WHERE i.inhrelid = c.oid),
    'partitionColumns', (
        SELECT json_agg(a.attname)
        FROM pg_partitioned_table p CROSS JOIN unnest(p.partattrs) AS k(attnum)
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.attnum
        WHERE p.partrelid = c.oid),
    'rowSecurity', c.relrowsecurity,
    'rowSecurityForced', c.relforcerowsecurity,
    'replicaIdentityFull', c.relreplident = 'f',
    'published', EXISTS (
        SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = c.oid AND p.pubname = $2),
    'columns', (
        SELECT coalesce(json_agg(json_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull) ORDER BY a.attnum), '[]')
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'constraints', (
        SELECT coalesce(json_agg(json_build_object(
            'name', k.conname,
            'kind', k.contype,
            'definition', pg_get_constraintdef(k.oid),
            'validated', k.convalidated,
            'columns', (SELECT json_agg(a.attname ORDER BY n.position)
                FROM unnest(k.conkey) WITH ORDINALITY AS n(attnum, position)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.attnum),
            'target', (SELECT t.relname FROM pg_class t WHERE t.oid = k.confrelid),
            'targetColumns', (SELECT json_agg(a.attname ORDER BY n.position)
                FROM unnest(k.confkey) WITH ORDINALITY AS n(attnum, position)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.attnum))), '[]')
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'c', 'f') AND k.conparentid = 0),
    'indexes', (
        SELECT coalesce(json_agg(json_build_object(
            'name', i.relname,
            'valid', x.indisvalid,
            'columns', (SELECT json_agg(a.attname ORDER BY n.position)
                FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS n(attnum, position)
                JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = n.attnum),
            'partOf', (SELECT parent.relname FROM pg_inherits h JOIN pg_class parent ON parent.oid = h.inhparent WHERE h.inhrelid = i.oid))), '[]')
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND NOT x.indisprimary),
    'policies', (
        SELECT coalesce(json_agg(json_build_object(
            'name', p.polname,
            'permissive', p.polpermissive,
            'forAll', p.polcmd = '*',
            'forEverybody', p.polroles = '{0}',
            'visible', pg_get_expr(p.polqual, p.polrelid),
            'writable', pg_get_expr(p.polwithcheck, p.polrelid))), '[]')
        FROM pg_policy p WHERE p.polrelid = c.oid),
    'grants', (
        SELECT coalesce(json_agg(json_build_object(
            'role', CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END, 'privilege', g.privilege_type)), '[]')
        FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner),
    'triggers', (
        SELECT coalesce(json_agg(json_build_object('name', t.tgname, 'enabled', t.tgenabled <> 'D', 'body', f.prosrc)), '[]')
        FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
ORDER BY c.relname
