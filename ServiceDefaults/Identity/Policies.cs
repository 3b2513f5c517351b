namespace Platform.ServiceDefaults.Identity;

/// <summary>Names of the authorization policies that every service has.</summary>
public static class Policies
{
    /// <summary>The caller acts for one tenant, named by its identity.</summary>
    public const string Tenant = "tenant";

    /// <summary>The caller runs the platform.</summary>
    public const string Operator = "operator";

    /// <summary>The caller is a service of the platform, or an operator.</summary>
    public const string Service = "service";
}
