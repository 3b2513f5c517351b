namespace Platform.CdcAnalytics.Series;

/// <summary>Registration of the series and their history.</summary>
internal static class SeriesExtensions
{
    public static void AddSeries(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IMetricSource, PipelineMetricSource>();
        services.AddSingleton<MetricHistory>();
        services.AddHostedService<MetricRecorder>();
    }
}
