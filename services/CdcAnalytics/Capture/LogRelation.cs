namespace Platform.CdcAnalytics.Capture;

/// <summary>A table as the log describes it before a change of it.</summary>
/// <param name="Oid">Its number.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Identity">What the log carries of a row before a change: <c>d</c> the primary key, <c>f</c> everything, <c>i</c> an index' columns, <c>n</c> nothing.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record LogRelation(uint Oid, string Schema, string Name, char Identity, IReadOnlyList<LogRelation.Column> Columns)
{
    /// <summary>Reads a relation message behind its kind and, in a stream, its transaction.</summary>
    public static LogRelation Read(ref LogRecord record)
    {
        var oid = record.UInt32();
        var schema = record.Name();
        var name = record.Name();
        var identity = (char)record.Byte();
        var columns = new Column[record.Int16()];
        for (var i = 0; i < columns.Length; i++)
        {
            var isIdentity = (record.Byte() & 1) != 0;
            columns[i] = new(record.Name(), record.UInt32(), record.Int32(), isIdentity);
        }

        // Tables of the system's own schema come with an empty name.
        return new(oid, schema.Length == 0 ? "pg_catalog" : schema, name, identity, columns);
    }

    /// <summary>A column: its name, type, the type's modifier (length, precision), and whether the log carries it of a row before a change.</summary>
    internal sealed record Column(string Name, uint TypeOid, int Modifier, bool IsIdentity);
}
