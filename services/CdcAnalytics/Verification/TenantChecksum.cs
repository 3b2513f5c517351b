namespace Platform.CdcAnalytics.Verification;

/// <summary>A tenant's rows of an entity.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sum">The sum of their checksums.</param>
internal readonly record struct TenantChecksum(long Rows, string Sum)
{
    public static TenantChecksum None { get; } = new(0, "0");
}
