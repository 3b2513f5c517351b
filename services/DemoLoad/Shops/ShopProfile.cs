namespace Platform.DemoLoad.Shops;

/// <summary>What kind of shop to make up.</summary>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Seed">The same seed and day make the same shop.</param>
/// <param name="Customers">Number of customers.</param>
/// <param name="Products">Number of products.</param>
/// <param name="OrdersPerDay">Orders on an average day of the past.</param>
/// <param name="Days">Length of the past in days.</param>
/// <param name="Countries">Where customers live; the first is the most frequent.</param>
/// <param name="FirstNumber">Number of the first customer, order and order line. Products are numbered from 1 everywhere.</param>
public sealed record ShopProfile(
    string Tenant, string Name, int Seed, int Customers, int Products, double OrdersPerDay, int Days, IReadOnlyList<Country> Countries,
    int FirstNumber = 1)
{
    /// <summary>The shops of the demo, from the largest to the smallest.</summary>
    public static IReadOnlyList<ShopProfile> Demo { get; } =
    [
        new("aurora", "Aurora Records", 11, 160, 180, 22, 180, [Country.Germany, Country.Netherlands, Country.France, Country.UnitedKingdom]),
        new("bluebird", "Bluebird Music", 23, 90, 120, 13, 180, [Country.UnitedStates, Country.Canada, Country.Brazil]),
        new("cobalt", "Cobalt Sounds", 37, 50, 90, 6, 180, [Country.Brazil, Country.Portugal, Country.France]),
    ];
}
