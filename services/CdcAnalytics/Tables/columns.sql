-- What the log does not tell of the columns of table $1: whether they are required, their defaults, their places in the primary key.
SELECT a.attname,
       a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid),
       coalesce(array_position(i.indkey::int2[], a.attnum), -1)
FROM pg_attribute a
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
