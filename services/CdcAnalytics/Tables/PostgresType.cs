namespace Platform.CdcAnalytics.Tables;

/// <summary>A type as Postgres' catalogue describes it.</summary>
/// <param name="Oid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>b</c> base, <c>e</c> enumeration, <c>d</c> domain, <c>r</c> range, <c>c</c> composite, <c>m</c> multirange.</param>
/// <param name="ElementOid">For an array: the type of its elements; otherwise 0.</param>
/// <param name="BaseOid">For a domain: the type it is of; otherwise 0.</param>
/// <param name="BaseModifier">For a domain: the modifier of that type.</param>
/// <param name="Delimiter">What stands between elements of an array of it.</param>
/// <param name="Labels">For an enumeration: its labels in order.</param>
internal sealed record PostgresType(
    uint Oid, string Name, char Kind, uint ElementOid, uint BaseOid, int BaseModifier, byte Delimiter, IReadOnlyList<string> Labels);
