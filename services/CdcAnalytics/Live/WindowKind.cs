namespace Platform.CdcAnalytics.Live;

/// <summary>How windows of one length follow each other.</summary>
public enum WindowKind
{
    /// <summary>A new one each second; each event is in as many as its length has seconds.</summary>
    Sliding,

    /// <summary>One after the other, aligned to the clock; each event is in one.</summary>
    Tumbling,
}
