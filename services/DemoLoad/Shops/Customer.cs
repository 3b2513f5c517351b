namespace Platform.DemoLoad.Shops;

/// <summary>A customer, as <c>contracts/customers.odcs.yaml</c> describes one.</summary>
public sealed record Customer(
    long CustomerId,
    string FirstName,
    string LastName,
    string? Company,
    string Address,
    string City,
    string? State,
    string Country,
    string? PostalCode,
    string? Phone,
    string Email);
