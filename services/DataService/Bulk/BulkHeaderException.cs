namespace Platform.DataService.Bulk;

/// <summary>The header of a CSV file does not fit the entity.</summary>
internal sealed class BulkHeaderException(string field, string message) : Exception(message)
{
    /// <summary>The column that it is about.</summary>
    public string Field { get; } = field;
}
