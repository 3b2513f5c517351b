namespace Platform.CdcAnalytics.Capture;

/// <summary>What must have happened to a change before Postgres is told that it may forget it.</summary>
public enum ConfirmAfter
{
    /// <summary>The warehouse has committed it.</summary>
    WarehouseCommit,

    /// <summary>The broker, which keeps it on disk, has acknowledged it.</summary>
    BrokerAcknowledgement,
}
