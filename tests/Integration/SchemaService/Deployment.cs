using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Integration.Servers;
using Platform.SchemaService.Ddl;

namespace Platform.Integration.SchemaService;

/// <summary>Application of contracts to a test's database, as the schema service does it.</summary>
internal static class Deployment
{
    /// <summary>Makes the tables what the contracts say; the number of statements that it took.</summary>
    public static Task<int> ApplyAsync(
        this ScratchDatabase database, ContractSet contracts, CancellationToken cancellationToken, TimeProvider? clock = null) =>
        Applier(database, contracts, clock).ApplyAsync(() => { }, cancellationToken);

    public static SchemaApplier Applier(ScratchDatabase database, ContractSet contracts, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        return new(database.Owner, contracts, new SchemaExecutor(clock, NullLogger<SchemaExecutor>.Instance), clock, NullLogger<SchemaApplier>.Instance);
    }
}
