namespace Platform.CdcAnalytics.Anomalies;

/// <summary>A minute as a detector sees it.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Expected">What is usual then; null while too little is known.</param>
/// <param name="Residual">How far it is from that, in robust standard deviations.</param>
/// <param name="Shift">How far the last minutes have been off together, in standard deviations of their weighted mean.</param>
/// <param name="IsAnomalous">True when it is unusual by itself or by what came before it.</param>
public readonly record struct AnomalyScore(double Value, double? Expected, double Residual, double Shift, bool IsAnomalous);
