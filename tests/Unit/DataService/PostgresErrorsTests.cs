using Npgsql;
using Platform.Contracts;
using Platform.DataService.Errors;
using Xunit;

namespace Platform.Unit.DataService;

public sealed class PostgresErrorsTests
{
    private static readonly EntityContract Shipments = Shop.Orders with
    {
        Name = "shipments",
        Columns = [.. Shop.Orders.Columns, new() { Name = "home_country", Type = ColumnType.Text, MaxLength = 10 }],
        References = [new("customer", "customers", "customer_id"), new("paying_customer", "customers", "customer_id")],
    };

    [Theory]
    [InlineData(PostgresErrorCodes.ForeignKeyViolation, "shipments_customer_fkey", "customer")]
    [InlineData(PostgresErrorCodes.ForeignKeyViolation, "shipments_paying_customer_fkey", "paying_customer")]
    [InlineData(PostgresErrorCodes.CheckViolation, "shipments_country_length", "country")]
    [InlineData(PostgresErrorCodes.CheckViolation, "shipments_home_country_length", "home_country")]
    public void A_refusal_names_the_column_whose_constraint_it_was_also_when_anothers_name_is_part_of_it(string state, string constraint, string column)
    {
        var exception = new PostgresException("refused", "ERROR", "ERROR", state, tableName: "shipments", constraintName: constraint);
        Assert.Equal(column, PostgresErrors.Describe(exception, Shipments).Field);
    }
}
