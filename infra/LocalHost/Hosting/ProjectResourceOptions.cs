namespace Aspire.Hosting;

/// <summary>What a project resource takes from its project.</summary>
public class ProjectResourceOptions
{
    /// <summary>True to take nothing from a launch profile. The local host reads none.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}
