using Npgsql;
using Platform.Harness;

namespace Platform.Faults.Campaign;

/// <summary>
/// What happened to each row, written down by triggers in the transactions that did it, so that it is exactly what was committed. A row's lock is held until its
/// transaction ends, so the numbers of a row's entries are in the order of its commits.
/// </summary>
internal static class ChangeJournal
{
    private const string Create = """
        CREATE SCHEMA journal;
        CREATE TABLE journal.entries (id bigint GENERATED ALWAYS AS IDENTITY, entity text, tenant text, key bigint, image text);
        CREATE FUNCTION journal.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = journal, pg_temp AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                INSERT INTO journal.entries (entity, tenant, key, image) VALUES (TG_TABLE_NAME, OLD.tenant_id, (to_jsonb(OLD) ->> TG_ARGV[0])::bigint, 'deleted');
            ELSE
                INSERT INTO journal.entries (entity, tenant, key, image)
                VALUES (TG_TABLE_NAME, NEW.tenant_id, (to_jsonb(NEW) ->> TG_ARGV[0])::bigint, to_jsonb(NEW) ->> TG_ARGV[1] || ' ' || (to_jsonb(NEW) ->> TG_ARGV[2]));
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON app.customers FOR EACH ROW EXECUTE FUNCTION journal.note('customer_id', 'first_name', 'city');
        CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON app.products FOR EACH ROW EXECUTE FUNCTION journal.note('product_id', 'name', 'unit_price');
        """;

    /// <summary>Begins to write down.</summary>
    public static async Task BeginAsync(RunningPlatform platform)
    {
        await using var connection = new NpgsqlConnection(await platform.SuperuserAsync());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Create, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What happened to each row, in order.</summary>
    public static async Task<SortedDictionary<string, List<string>>> ReadAsync(RunningPlatform platform)
    {
        await using var connection = new NpgsqlConnection(await platform.SuperuserAsync());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT entity || ' ' || tenant || ' ' || key, image FROM journal.entries ORDER BY id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            if (!rows.TryGetValue(reader.GetString(0), out var images)) images = rows[reader.GetString(0)] = [];
            images.Add(reader.GetString(1));
        }

        return rows;
    }
}
