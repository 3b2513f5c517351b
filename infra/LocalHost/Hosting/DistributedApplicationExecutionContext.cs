namespace Aspire.Hosting;

/// <summary>What the application is described for. The local host only runs; it publishes nothing.</summary>
public sealed class DistributedApplicationExecutionContext
{
    public bool IsRunMode => true;

    public bool IsPublishMode => false;
}
