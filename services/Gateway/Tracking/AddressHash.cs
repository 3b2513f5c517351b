using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Tracking;

/// <summary>
/// Turns a caller's address into a name that is the same for a day (UTC) and says nothing without the key: there are few enough
/// addresses to try them all, so a plain hash would hide nothing.
/// </summary>
internal sealed class AddressHash(IOptions<TrackingOptions> options)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.AddressKey);

    public string? Of(IPAddress? address, DateTimeOffset time)
    {
        if (address is null) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var text = string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd} {address}");
        // Half of the hash tells addresses apart as well.
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
