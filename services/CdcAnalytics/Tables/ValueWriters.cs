using Platform.CdcAnalytics.Envelopes;

namespace Platform.CdcAnalytics.Tables;

/// <summary>
/// Finds the writer of a column's type. The numbers of Postgres' own types are fixed
/// (<see href="https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat">pg_type.dat</see>).
/// </summary>
internal static class ValueWriters
{
    private const int DefaultDigits = 6;

    /// <param name="oid">The column's type.</param>
    /// <param name="modifier">Its modifier, -1 for none.</param>
    /// <param name="types">What the catalogue knows of types that are not Postgres' own.</param>
    public static ValueWriter Of(uint oid, int modifier, IReadOnlyDictionary<uint, PostgresType> types) => oid switch
    {
        16 => new BooleanWriter(),
        17 => new BytesWriter(),
        21 => new IntegerWriter(2),
        23 => new IntegerWriter(4),
        20 or 26 or 28 => new IntegerWriter(8),
        700 => new FloatWriter(4),
        701 => new FloatWriter(8),
        790 => new MoneyWriter(),
        1700 => modifier < 0 ? new VariableScaleDecimalWriter() : new DecimalWriter((modifier - 4) & 0x7ff, ((modifier - 4) >> 16) & 0xffff),
        19 or 25 or 1043 => new PlainTextWriter(readsBinary: true),
        1082 => new DateWriter(),
        1083 => new TimeWriter(DigitsOf(modifier)),
        1266 => new TimeWithZoneWriter(),
        1114 => new TimestampWriter(DigitsOf(modifier)),
        1184 => new TimestampWithZoneWriter(DigitsOf(modifier)),
        1186 => new IntervalWriter(),
        2950 => new UuidWriter(),
        114 => new PlainTextWriter("io.debezium.data.Json", readsBinary: true),
        3802 => new PlainTextWriter("io.debezium.data.Json"),
        142 => new PlainTextWriter("io.debezium.data.Xml"),
        3614 => new PlainTextWriter("io.debezium.data.Tsvector"),
        600 => new PointWriter(),
        1560 or 1562 => new BitsWriter(modifier),
        _ => types.TryGetValue(oid, out var type) ? OfOther(type, modifier, types) : new PlainTextWriter(),
    };

    private static ValueWriter OfOther(PostgresType type, int modifier, IReadOnlyDictionary<uint, PostgresType> types) => type switch
    {
        { Kind: 'e' } => new PlainTextWriter(EnumSchema.Name, readsBinary: true, EnumSchema.Parameters(type.Labels)),
        { Kind: 'd' } => Of(type.BaseOid, type.BaseModifier, types),
        { ElementOid: > 0 } => new ArrayWriter(
            Of(type.ElementOid, modifier, types), types.TryGetValue(type.ElementOid, out var element) ? element.Delimiter : (byte)','),
        // What Debezium has no type for stays the text that Postgres writes.
        _ => new PlainTextWriter(),
    };

    private static int DigitsOf(int modifier) => modifier < 0 ? DefaultDigits : modifier;
}
