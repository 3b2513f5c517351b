namespace Platform.SchemaService.Directory;

/// <summary>Wakes the requests that wait for a change of the directory.</summary>
internal sealed class DirectorySignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next change. Taken before the directory is read, so that no change falls between the two.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Changed() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
