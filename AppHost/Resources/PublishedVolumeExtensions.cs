namespace Platform.AppHost.Resources;

/// <summary>Volumes of published projects.</summary>
internal static class PublishedVolumeExtensions
{
    /// <summary>
    /// Mounts a volume in the container that a project is published as. Publishers that generate a deployment read the annotation; Aspire's
    /// manifest has volumes for containers only, so the project is written with them here.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithPublishedVolume(this IResourceBuilder<ProjectResource> project, string name, string target)
    {
        var resource = project.Resource;
        return project
            .WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly: false))
            .WithManifestPublishingCallback(async context =>
            {
                context.Writer.WriteString("type", "project.v0");
                context.Writer.WriteString("path", context.GetManifestRelativePath(resource.GetProjectMetadata().ProjectPath));
                context.Writer.WriteStartArray("volumes");
                context.Writer.WriteStartObject();
                context.Writer.WriteString("name", name);
                context.Writer.WriteString("target", target);
                context.Writer.WriteBoolean("readOnly", false);
                context.Writer.WriteEndObject();
                context.Writer.WriteEndArray();
                await context.WriteEnvironmentVariablesAsync(resource);
                context.WriteBindings(resource);
            });
    }
}
