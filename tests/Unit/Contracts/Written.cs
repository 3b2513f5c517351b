using Platform.Contracts;

namespace Platform.Unit.Contracts;

/// <summary>Two small contracts without a mistake, for tests to put one in.</summary>
internal static class Written
{
    public const string CustomersPath = "contracts/customers.odcs.yaml", OrdersPath = "contracts/orders.odcs.yaml";

    public const string Customers = """
        apiVersion: v3.1.0
        kind: DataContract
        id: customers
        version: 1.0.0
        status: active
        schema:
          - name: customers
            properties:
              - name: customer_id
                logicalType: integer
                primaryKey: true
                required: true
        """;

    public const string Orders = """
        apiVersion: v3.1.0
        kind: DataContract
        id: orders
        version: 1.0.0
        status: active
        schema:
          - name: orders
            customProperties:
              - property: partitioning
                value: {column: ordered_at, interval: month, from: 2021-01-01, premake: 3}
              - property: cache
                value: {ttl: 60s}
              - property: temporal
                value: true
              - property: analytics
                value: {measure: total, time: ordered_at, dimensions: [country]}
              - property: rollups
                value:
                  - name: by_day
                    dimensions: [country, customers.customer_id]
                    measures:
                      - {function: sum, column: total}
                      - {function: max, column: ordered_at}
            quality:
              - metric: rowCount
                mustBeGreaterThan: 0
            properties:
              - name: order_id
                logicalType: integer
                primaryKey: true
                required: true
                customProperties: [{property: generated, value: true}]
              - name: customer_id
                logicalType: integer
                relationships: [{type: foreignKey, to: customers.customer_id}]
                customProperties: [{property: indexed, value: true}]
              - name: ordered_at
                logicalType: timestamp
                required: true
              - name: country
                logicalType: string
                logicalTypeOptions: {maxLength: 60, pattern: '[A-Z].*'}
                classification: restricted
                quality: [{metric: nullValues, mustBe: 0, dimension: completeness}]
              - name: total
                logicalType: number
                logicalTypeOptions: {minimum: 0}
                customProperties: [{property: money, value: {scale: 2}}]
        slaProperties:
          - property: retention
            value: 10
            unit: y
        """;

    /// <summary>Reads the customers and these orders.</summary>
    public static ContractSet Load(string orders) => ContractLoader.Parse([new(CustomersPath, Customers), new(OrdersPath, orders)]);

    /// <summary>What is wrong with these orders.</summary>
    public static IReadOnlyList<ContractViolation> Mistakes(string orders)
    {
        try
        {
            Load(orders);
            return [];
        }
        catch (ContractException exception)
        {
            return exception.Violations;
        }
    }
}
