using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Settings of the local host. Section <c>LocalHost</c>.</summary>
internal sealed record LocalHostSettings
{
    /// <summary>Folder of everything that stays: data, generated passwords, logs. Default: <c>.data</c> beside the AppHost.</summary>
    public required string Data { get; init; }

    /// <summary>True to empty <see cref="Data"/> first.</summary>
    public bool Reset { get; init; }

    /// <summary>True to leave the resources' log lines to their files.</summary>
    public bool Quiet { get; init; }

    /// <summary>Port of the host's own endpoint; 0 for any free one.</summary>
    public int Port { get; init; }

    public string Logs => Path.Combine(Data, "logs");

    public static LocalHostSettings Read(IConfiguration configuration, string appHostDirectory)
    {
        var section = configuration.GetSection("LocalHost");
        return new LocalHostSettings
        {
            Data = Path.GetFullPath(section["Data"] is { Length: > 0 } data ? data : Path.Combine(appHostDirectory, "..", ".data")),
            Reset = section.GetValue<bool>("Reset"),
            Quiet = section.GetValue<bool>("Quiet"),
            Port = section.GetValue<int>("Port"),
        };
    }
}
