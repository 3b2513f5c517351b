namespace Platform.CdcAnalytics.Capture;

/// <summary>A column as the log describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeOid">Postgres' number of its type.</param>
internal sealed record CapturedColumn(string Name, uint TypeOid);
