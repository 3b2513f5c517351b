-- The types $1 with what they are made of: elements of arrays, bases of domains.
WITH RECURSIVE used AS (
    SELECT t.oid, t.typelem, t.typbasetype FROM pg_type t WHERE t.oid = ANY ($1)
    UNION
    SELECT t.oid, t.typelem, t.typbasetype FROM pg_type t JOIN used u ON t.oid IN (u.typelem, u.typbasetype)
)
SELECT t.oid, t.typname, t.typtype, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype, t.typtypmod, t.typdelim::text,
       coalesce((SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '{}')
FROM pg_type t JOIN used u ON u.oid = t.oid
