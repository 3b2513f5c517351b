using System.Diagnostics.CodeAnalysis;
using Platform.Contracts;

namespace Platform.SchemaService.Contracts;

/// <summary>Reading of the contracts before anything else starts.</summary>
internal static class ContractStartup
{
    /// <summary>The contracts; false, with every mistake written to the error stream, when they cannot be used.</summary>
    public static bool TryLoad([NotNullWhen(true)] out ContractSet? contracts)
    {
        try
        {
            contracts = ContractLoader.Load();
            return true;
        }
        catch (ContractException exception)
        {
            Console.Error.WriteLine(exception.Message);
            contracts = null;
            return false;
        }
    }
}
