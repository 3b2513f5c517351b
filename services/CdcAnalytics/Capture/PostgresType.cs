using Npgsql.Replication.PgOutput;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// The Postgres types that are captured, by their object ids, which are fixed
/// (<see href="https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat">pg_type.dat</see>).
/// </summary>
internal static class PostgresType
{
    public const uint Boolean = 16, Int8 = 20, Int2 = 21, Int4 = 23, Text = 25, Float4 = 700, Float8 = 701, VarChar = 1043, Date = 1082,
        Timestamp = 1114, TimestampTz = 1184, Uuid = 2950;

    /// <summary>Reads a value in the type's .NET form.</summary>
    /// <exception cref="NotSupportedException">A column has a type that no contract can have.</exception>
    public static async ValueTask<object> ReadAsync(ReplicationValue value, CapturedColumn column, CancellationToken cancellationToken) =>
        column.TypeOid switch
        {
            Boolean => await value.Get<bool>(cancellationToken),
            Int8 => await value.Get<long>(cancellationToken),
            Int4 => (long)await value.Get<int>(cancellationToken),
            Int2 => (long)await value.Get<short>(cancellationToken),
            Text or VarChar => await value.Get<string>(cancellationToken),
            Float8 => await value.Get<double>(cancellationToken),
            Float4 => (double)await value.Get<float>(cancellationToken),
            Date => await value.Get<DateOnly>(cancellationToken),
            Timestamp or TimestampTz => await value.Get<DateTime>(cancellationToken),
            Uuid => await value.Get<Guid>(cancellationToken),
            var oid => throw new NotSupportedException(
                $"Column {column.Name} has the Postgres type with oid {oid}, which is not captured. Give it one of the types that a contract can name."),
        };
}
