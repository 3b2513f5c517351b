using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Capture;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Keeps a <see cref="SourceState"/> in a file, which is replaced whole. Thread-safe.</summary>
/// <remarks>
/// The file is not forced to the disk: after a power cut it may be older than the slot, which is then taken for one that somebody else has moved, and the
/// tables are read anew. That costs time and loses nothing.
/// </remarks>
internal sealed class SourceStateFile(IOptions<CaptureOptions> options)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _gate = new();
    private readonly string _path = Path.GetFullPath(options.Value.StatePath);

    /// <summary>What was stored last; null when nothing was, or the file is unreadable.</summary>
    public SourceState? Load()
    {
        lock (_gate)
        {
            try
            {
                return File.Exists(_path) ? JsonSerializer.Deserialize<SourceState>(File.ReadAllBytes(_path), Format) : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Forgets it.</summary>
    public void Delete()
    {
        lock (_gate) File.Delete(_path);
    }

    /// <summary>Stores it.</summary>
    public void Save(SourceState state)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(_path + ".new", JsonSerializer.SerializeToUtf8Bytes(state, Format));
            File.Move(_path + ".new", _path, overwrite: true);
        }
    }
}
