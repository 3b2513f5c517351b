namespace Platform.Contracts;

/// <summary>Monthly range partitions of a table.</summary>
/// <param name="Column">The required timestamp or date column that decides the partition.</param>
/// <param name="From">First day of the oldest partition.</param>
/// <param name="Premake">How many months after the current one have a partition in advance.</param>
public sealed record PartitioningContract(string Column, DateOnly From, int Premake);
