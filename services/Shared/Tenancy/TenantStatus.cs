using System.Text.Json.Serialization;

namespace Platform.Tenancy;

/// <summary>Whether a tenant may be served.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TenantStatus>))]
public enum TenantStatus
{
    /// <summary>Requests are served.</summary>
    [JsonStringEnumMemberName("active")] Active,

    /// <summary>Every request is refused with 403; the data stays.</summary>
    [JsonStringEnumMemberName("suspended")] Suspended,
}
