using System.Text.Json.Serialization;

namespace Platform.Tenancy;

/// <summary>Whom a tenant shares its tables with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TenantMode>))]
public enum TenantMode
{
    /// <summary>Tables shared with other tenants, kept apart by row-level security.</summary>
    [JsonStringEnumMemberName("shared")] Shared,

    /// <summary>A schema of its own.</summary>
    [JsonStringEnumMemberName("schema")] Schema,

    /// <summary>A database of its own.</summary>
    [JsonStringEnumMemberName("database")] Database,
}
