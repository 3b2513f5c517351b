-- Body of the trigger function that removes the keys of deleted rows; a key that is still referred to is refused here.
BEGIN
    DELETE FROM {keys} AS kept USING old_rows AS gone
    WHERE kept.tenant_id = gone.tenant_id AND kept.{key} = gone.{key};
    RETURN NULL;
END
