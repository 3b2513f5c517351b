namespace Platform.Contracts;

/// <summary>How sensitive a column is, from ODCS <c>classification</c>.</summary>
public enum Classification
{
    /// <summary>May be shown to anybody.</summary>
    Public,

    /// <summary>For the tenant's own people.</summary>
    Internal,

    /// <summary>For some of the tenant's people.</summary>
    Confidential,

    /// <summary>Personal data: masked wherever it is not needed.</summary>
    Restricted,
}
