using Bogus;

namespace Platform.DemoLoad.Shops;

/// <summary>Makes up a shop: people of its countries, a catalogue, and orders that grow over time and peak at weekends.</summary>
/// <param name="profile">What kind of shop.</param>
/// <param name="today">The day on which its past ends.</param>
public sealed class ShopMaker(ShopProfile profile, DateOnly today)
{
    private static readonly decimal[] Prices = [0.99m, 0.99m, 0.99m, 1.29m, 1.49m, 1.99m, 9.99m];

    private readonly Randomizer _random = new(profile.Seed);

    /// <summary>The shop; equal on every call with an equal profile and day.</summary>
    public Shop Make()
    {
        var customers = Enumerable.Range(profile.FirstNumber, profile.Customers).Select(MakeCustomer).ToList();
        var products = Enumerable.Range(1, profile.Products).Select(MakeProduct).ToList();
        List<Order> orders = [];
        List<OrderLine> lines = [];
        for (var age = profile.Days; age >= 1; age--)
        {
            for (var left = OrdersOn(age); left > 0; left--) AddOrder(today.AddDays(-age), customers, products, orders, lines);
        }

        return new Shop(profile, customers, products, orders, lines);
    }

    private Customer MakeCustomer(int id)
    {
        // Half of the customers live in the first country.
        var country = _random.Bool() ? profile.Countries[0] : _random.ListItem([.. profile.Countries]);
        var faker = new Faker(country.Locale) { Random = new Randomizer(_random.Int()) };
        var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
        return new Customer(
            id,
            first,
            last,
            faker.Random.Bool(0.2f) ? faker.Company.CompanyName() : null,
            faker.Address.StreetAddress(),
            faker.Address.City(),
            faker.Random.Bool(0.6f) ? faker.Address.State() : null,
            country.Name,
            faker.Address.ZipCode(),
            faker.Random.Bool(0.8f) ? faker.Phone.PhoneNumber() : null,
            // The domain is reserved, so that no mail to a made-up person ever reaches a real one.
            $"customer{id}@{profile.Tenant}.example.com");
    }

    private Product MakeProduct(int id)
    {
        var milliseconds = _random.Long(95_000, 420_000);
        return new Product(
            id,
            Titles.Song(_random),
            Titles.Band(_random),
            Titles.Album(_random),
            _random.ArrayElement(Titles.Genres),
            _random.Bool(0.8f) ? "MPEG audio file" : "AAC audio file",
            _random.Bool(0.7f) ? new Faker { Random = new Randomizer(_random.Int()) }.Name.FullName() : null,
            milliseconds,
            milliseconds * 33,
            _random.ArrayElement(Prices));
    }

    private int OrdersOn(int age)
    {
        var growth = 1.4 - (0.8 * age / profile.Days);
        var weekend = today.AddDays(-age).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.6 : 0.8;
        var expected = profile.OrdersPerDay * growth * weekend;
        return (int)expected + (_random.Double() < expected - (int)expected ? 1 : 0);
    }

    private void AddOrder(DateOnly day, List<Customer> customers, List<Product> products, List<Order> orders, List<OrderLine> lines)
    {
        var customer = _random.ListItem(customers);
        var at = day.ToDateTime(new TimeOnly(_random.Int(7, 22), _random.Int(0, 59), _random.Int(0, 59)), DateTimeKind.Utc);
        var (id, total) = (profile.FirstNumber + orders.Count, 0m);
        for (var left = _random.Int(1, 5); left > 0; left--)
        {
            var product = products[Popular(products.Count)];
            var line = new OrderLine(profile.FirstNumber + lines.Count, id, product.ProductId, product.UnitPrice, _random.Bool(0.9f) ? 1 : 2);
            lines.Add(line);
            total += line.UnitPrice * line.Quantity;
        }

        orders.Add(new Order(
            id, customer.CustomerId, at, customer.Address, customer.City, customer.State, customer.Country, customer.PostalCode, total));
    }

    // Few products sell most: the square of a uniform number lies near 0 more often.
    private int Popular(int count) => (int)(Math.Pow(_random.Double(), 2) * count);
}
