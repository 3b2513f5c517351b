namespace Platform.CdcAnalytics.Slots;

/// <summary>A replication slot and its server, as they are found.</summary>
/// <param name="SystemIdentifier">The cluster's.</param>
/// <param name="Timeline">The server's.</param>
/// <param name="Exists">Whether there is a slot of that name.</param>
/// <param name="IsUsable">Whether the server still has the log that the slot stands for.</param>
/// <param name="IsOurs">Whether it is a logical slot of our database and plug-in.</param>
/// <param name="ConfirmedLsn">Position from which it goes on.</param>
internal sealed record SlotState(string SystemIdentifier, uint Timeline, bool Exists, bool IsUsable, bool IsOurs, ulong ConfirmedLsn);
