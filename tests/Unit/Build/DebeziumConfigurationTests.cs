using Platform.Changes;
using Platform.Contracts;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.Build;

/// <summary><c>infra/debezium</c> captures what the contracts describe.</summary>
public sealed class DebeziumConfigurationTests
{
    [Fact]
    public async Task Every_contract_has_its_table_and_its_key_in_the_connector()
    {
        var file = Path.Combine(RepositoryFolder.Root, "infra", "debezium", "connector.properties");
        var settings = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var entities = ContractLoader.Load().Entities;
        Assert.Equal(
            entities.Select(entity => $"{ChangeTopics.Schema}.{entity.Name}").Order(StringComparer.Ordinal), settings["table.include.list"].Split(',').Order(StringComparer.Ordinal));
        Assert.Equal(
            entities.Select(entity => $"{ChangeTopics.Schema}.{entity.Name}:tenant_id,{entity.Key.Name}").Order(StringComparer.Ordinal),
            settings["message.key.columns"].Split(';').Order(StringComparer.Ordinal));
    }
}
