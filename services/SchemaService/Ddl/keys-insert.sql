-- Body of the trigger function that adds the keys of new rows; a key that another month has already is refused here.
BEGIN
    INSERT INTO {keys} (tenant_id, {key}, {moment})
    SELECT tenant_id, {key}, {moment} FROM new_rows;
    RETURN NULL;
END
