namespace Platform.CdcAnalytics.Envelopes;

/// <summary>
/// Writes values of one Postgres type as Debezium's converter does
/// (<see href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-data-types">its mapping of types</see>, with
/// <c>time.precision.mode=adaptive</c> and <c>decimal.handling.mode=precise</c>). Thread-safe: rows of a snapshot are written side by side.
/// </summary>
internal abstract class ValueWriter
{
    /// <summary>The Kafka Connect type: <c>int32</c>, <c>string</c>, <c>struct</c> ...</summary>
    public abstract string ConnectType { get; }

    /// <summary>The name of the Connect schema that tells what the type stands for, or null.</summary>
    public virtual string? SchemaName => null;

    /// <summary>The version of the schema where it has a name.</summary>
    public virtual int SchemaVersion => 1;

    /// <summary>Parameters of the schema, by name.</summary>
    public virtual IReadOnlyList<(string Name, string Value)> Parameters => [];

    /// <summary>More of the schema, as members of a JSON object that begin with a comma: fields of a struct, items of an array.</summary>
    public virtual string SchemaMembers => "";

    /// <summary>What stands in the place of a required value that the log does not carry, as JSON.</summary>
    public abstract ReadOnlySpan<byte> Missing { get; }

    /// <summary>Postgres' binary form is read by <see cref="WriteBinary"/>; other types are read as text from a snapshot too.</summary>
    public virtual bool ReadsBinary => false;

    /// <summary>Writes a value given in Postgres' text form (ISO dates, UTC).</summary>
    public abstract void Write(JsonBuffer json, ReadOnlySpan<byte> text);

    /// <summary>Writes a value given in Postgres' binary form.</summary>
    public virtual void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => throw new NotSupportedException();
}
