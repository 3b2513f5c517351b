namespace Aspire.Hosting;

/// <summary>What a project resource takes from its project.</summary>
public class ProjectResourceOptions
{
    /// <summary>Name of a launch profile. The local host reads none.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>True to take nothing from a launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}
