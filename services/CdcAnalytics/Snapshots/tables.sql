-- The tables of publication $1: what a snapshot reads of them, and about how much that is.
SELECT p.schemaname::text, p.tablename::text, c.oid, c.relreplident::text,
       a.names, a.types, a.modifiers, a.type_names, coalesce(k.names, '{}'), s.rows, s.bytes,
       -- Where rows lie tells how far reading has come only as long as they stay, and a row that moves is found in the log only with all of its values.
       CASE WHEN c.relkind = 'r' AND c.relreplident = 'f' AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'heap') THEN pg_relation_filenode(c.oid) END,
       s.bytes / current_setting('block_size')::bigint
FROM pg_publication_tables p
JOIN pg_namespace n ON n.nspname = p.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
CROSS JOIN LATERAL (
    SELECT array_agg(a.attname::text ORDER BY a.attnum) AS names,
           array_agg(a.atttypid ORDER BY a.attnum) AS types,
           array_agg(a.atttypmod ORDER BY a.attnum) AS modifiers,
           array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS type_names
    FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname = ANY (p.attnames)
) a
LEFT JOIN LATERAL (
    SELECT array_agg(a.attname::text ORDER BY u.place) AS names
    FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary
) k ON true
CROSS JOIN LATERAL (
    -- What a partitioned table has is in its leaves.
    SELECT coalesce(sum(greatest(l.reltuples, 0)), 0)::bigint AS rows, coalesce(sum(pg_relation_size(l.oid)), 0)::bigint AS bytes
    FROM pg_class l
    WHERE l.oid = c.oid OR l.oid IN (SELECT t.relid FROM pg_partition_tree(c.oid) t WHERE t.isleaf)
) s
WHERE p.pubname = $1
ORDER BY p.schemaname, p.tablename
