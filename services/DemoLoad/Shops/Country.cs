namespace Platform.DemoLoad.Shops;

/// <summary>A country and how its people are named.</summary>
/// <param name="Name">English name.</param>
/// <param name="Locale">Bogus' locale of names and addresses.</param>
public sealed record Country(string Name, string Locale)
{
    public static Country Germany { get; } = new("Germany", "de");

    public static Country Netherlands { get; } = new("Netherlands", "nl");

    public static Country France { get; } = new("France", "fr");

    public static Country UnitedKingdom { get; } = new("United Kingdom", "en_GB");

    public static Country UnitedStates { get; } = new("USA", "en_US");

    public static Country Canada { get; } = new("Canada", "en_CA");

    public static Country Brazil { get; } = new("Brazil", "pt_BR");

    public static Country Portugal { get; } = new("Portugal", "pt_PT");
}
