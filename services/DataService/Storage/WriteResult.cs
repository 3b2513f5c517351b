using Platform.Replication;

namespace Platform.DataService.Storage;

/// <summary>What a write did.</summary>
/// <param name="Body">The row as it is now, or null when there was none to change.</param>
/// <param name="Created">True when the row is new.</param>
/// <param name="Token">Position of the log that covers the commit.</param>
internal readonly record struct WriteResult(byte[]? Body, bool Created, ConsistencyToken Token);
