namespace Platform.Harness;

/// <summary>Answers of the API in tests.</summary>
public static class Answers
{
    /// <summary>Fails with the answer's body when it is not a success, so that a red test tells why.</summary>
    public static async Task RequireSuccessAsync(this HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) return;
        var request = answer.RequestMessage;
        throw new HttpRequestException($"{request?.Method} {request?.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}
