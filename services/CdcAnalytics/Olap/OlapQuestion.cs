using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Sources;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Olap;

/// <summary>Takes a question from its request to its answer. The tenant is the caller's, whatever the request says.</summary>
internal sealed class OlapQuestion(ContractSet contracts, WarehouseStore warehouse, OlapRunner runner, CaptureSources sources, IOptions<OlapOptions> options)
{
    public IResult Ask(string entity, HttpContext http, Func<OlapColumns, string, int, OlapStatement> statement)
    {
        if (contracts.Find(entity) is not { } contract) return TypedResults.Problem($"There is no entity '{entity}'.", statusCode: StatusCodes.Status404NotFound);
        try
        {
            var sql = statement(new(contract, warehouse, contracts), http.User.TenantId(), options.Value.LargestAnswer);
            return new OlapResult(runner.Run(sql, sources.OfTenant(http.User.TenantId())?.Progress, http.RequestAborted));
        }
        catch (OlapException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (TimeoutException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
