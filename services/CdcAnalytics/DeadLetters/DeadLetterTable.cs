using DuckDB.NET.Data;
using Platform.Replication;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>The letters in the warehouse, written in the transaction that passes over the events.</summary>
internal static class DeadLetterTable
{
    private const string Fields = "id, entity, topic, partition, at_offset, key, value, reason, is_held_back, commit_lsn, ordinal, parked_at";

    public static void Append(DuckDBConnection connection, IEnumerable<DeadLetter> letters)
    {
        foreach (var letter in letters)
        {
            using var command = Command(
                connection,
                $"""
                INSERT INTO _dead_letters ({Fields}) VALUES (nextval('_dead_letter_ids'),
                    $entity, $topic, $partition, $offset, from_base64($key), from_base64($value), $reason, $held, CAST($lsn AS UBIGINT), CAST($ordinal AS BIGINT), $at)
                """,
                ("entity", letter.Entity), ("topic", letter.Topic), ("partition", letter.Partition), ("offset", letter.Offset),
                ("key", letter.Key is null ? null : Convert.ToBase64String(letter.Key)), ("value", Convert.ToBase64String(letter.Value)), ("reason", letter.Reason),
                ("held", letter.IsHeldBack), ("lsn", letter.Position?.CommitLsn.ToString()), ("ordinal", letter.Position?.Ordinal.ToString()), ("at", letter.ParkedAt));
            command.ExecuteNonQuery();
        }
    }

    public static void Delete(DuckDBConnection connection, IEnumerable<long> ids)
    {
        foreach (var id in ids)
        {
            using var command = Command(connection, "DELETE FROM _dead_letters WHERE id = $id", ("id", id));
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The letters of all rows, or of one, in order.</summary>
    public static List<DeadLetter> Read(DuckDBConnection connection, string? entity, long after, int limit) =>
        Read(connection, "($entity IS NULL OR entity = $entity) AND id > $after ORDER BY id LIMIT $limit", ("entity", entity), ("after", after), ("limit", limit));

    public static DeadLetter? Find(DuckDBConnection connection, long id) => Read(connection, "id = $id", ("id", id)).SingleOrDefault();

    /// <summary>The letters of the row that this one is of, in order: itself alone when it has no key.</summary>
    public static List<DeadLetter> OfSameRow(DuckDBConnection connection, DeadLetter letter) => letter.Key is null
        ? Read(connection, "id = $id", ("id", letter.Id))
        : Read(connection, "topic = $topic AND key = from_base64($key) ORDER BY id", ("topic", letter.Topic), ("key", Convert.ToBase64String(letter.Key)));

    private static List<DeadLetter> Read(DuckDBConnection connection, string condition, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(
            connection, $"SELECT {Fields.Replace("key, value", "to_base64(key), to_base64(value)", StringComparison.Ordinal)} FROM _dead_letters WHERE {condition}", parameters);
        using var reader = command.ExecuteReader();
        List<DeadLetter> letters = [];
        while (reader.Read())
        {
            letters.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt64(4),
                reader.IsDBNull(5) ? null : Convert.FromBase64String(reader.GetString(5)), Convert.FromBase64String(reader.GetString(6)), reader.GetString(7), reader.GetBoolean(8),
                reader.IsDBNull(9) ? null : new LogPosition(reader.GetFieldValue<ulong>(9), reader.GetInt64(10)), DateTime.SpecifyKind(reader.GetDateTime(11), DateTimeKind.Utc)));
        }

        return letters;
    }

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        return command;
    }
}
