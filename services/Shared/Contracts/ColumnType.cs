namespace Platform.Contracts;

/// <summary>The types a contract's column may have, each with one form in every store.</summary>
public enum ColumnType
{
    /// <summary>Text. Postgres <c>text</c>, JSON string.</summary>
    Text,

    /// <summary>Whole number. Postgres <c>bigint</c>, JSON number.</summary>
    Integer,

    /// <summary>
    /// Amount of money: minor units in a Postgres <c>bigint</c> (comparisons on it are leakproof, on numeric not), decimal in the API.
    /// </summary>
    Money,

    /// <summary>Floating point number. Postgres <c>double precision</c>, JSON number.</summary>
    Number,

    /// <summary>Truth value. Postgres <c>boolean</c>, JSON boolean.</summary>
    Boolean,

    /// <summary>Calendar date. Postgres <c>date</c>, JSON <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Point in time. Postgres <c>timestamptz</c>, JSON RFC 3339 in UTC; input without an offset is UTC.</summary>
    Timestamp,

    /// <summary>Universally unique identifier. Postgres <c>uuid</c>, JSON string.</summary>
    Uuid,
}
