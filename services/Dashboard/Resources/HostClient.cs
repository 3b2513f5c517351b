namespace Platform.Dashboard.Resources;

/// <summary>
/// Asks the local host what it runs. Elsewhere, where Aspire or a cloud runs the processes, those have a page for that themselves.
/// </summary>
internal sealed class HostClient(IHttpClientFactory clients, IConfiguration configuration)
{
    public const string ClientName = "local-host";

    /// <summary>True when the local host runs this dashboard.</summary>
    public bool IsThere => configuration["LOCALHOST_URL"] is { Length: > 0 };

    /// <exception cref="HttpRequestException">The host does not answer.</exception>
    public async Task<IReadOnlyList<Resource>> ReadResourcesAsync(CancellationToken cancellationToken)
    {
        if (!IsThere) return [];
        using var client = clients.CreateClient(ClientName);
        return (await client.GetFromJsonAsync<ResourceList>("/resources", cancellationToken))!.Resources;
    }

    /// <summary>The last lines of a resource's log, oldest first; null when there is no such resource.</summary>
    /// <exception cref="HttpRequestException">The host does not answer.</exception>
    public async Task<IReadOnlyList<ResourceLogLine>?> ReadLogAsync(string resource, int lines, CancellationToken cancellationToken)
    {
        if (!IsThere) return null;
        using var client = clients.CreateClient(ClientName);
        using var answer = await client.GetAsync($"/resources/{Uri.EscapeDataString(resource)}/logs?tail={lines}", cancellationToken);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<LogLines>(cancellationToken))!.Lines;
    }

    private sealed record ResourceList(IReadOnlyList<Resource> Resources);

    private sealed record LogLines(IReadOnlyList<ResourceLogLine> Lines);
}
