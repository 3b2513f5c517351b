using System.Net;
using System.Net.Http.Headers;

namespace Platform.Integration.DataService;

/// <summary>A body that is written while it is sent, as a caller with more rows than memory writes it.</summary>
internal sealed class StreamedContent : HttpContent
{
    private readonly Func<StreamWriter, CancellationToken, Task> _write;

    public StreamedContent(string mediaType, Func<StreamWriter, CancellationToken, Task> write)
    {
        _write = write;
        Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true);
        await _write(writer, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
