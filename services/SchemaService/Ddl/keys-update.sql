-- Body of the trigger function that follows rows to another month.
BEGIN
    IF EXISTS (SELECT tenant_id, {key} FROM new_rows EXCEPT SELECT tenant_id, {key} FROM old_rows) THEN
        RAISE EXCEPTION 'The key of a row of {entity} cannot change'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Insert a row with the new key and delete this one.';
    END IF;
    UPDATE {keys} AS kept SET {moment} = changed.{moment}
    FROM new_rows AS changed
    WHERE kept.tenant_id = changed.tenant_id AND kept.{key} = changed.{key} AND kept.{moment} <> changed.{moment};
    RETURN NULL;
END
