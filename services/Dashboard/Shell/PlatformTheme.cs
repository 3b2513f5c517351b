using MudBlazor;

namespace Platform.Dashboard.Shell;

/// <summary>Colours and type of the dashboard. Fonts are the system's own: a machine without the internet looks the same.</summary>
internal static class PlatformTheme
{
    private static readonly string[] Fonts = ["Inter", "Segoe UI", "system-ui", "-apple-system", "Roboto", "Helvetica Neue", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Background = "#0b1120",
            Surface = "#121a2c",
            AppbarBackground = "#0b1120",
            AppbarText = "#e6ebf5",
            TextPrimary = "#e6ebf5",
            TextSecondary = "#93a0b8",
            LinesDefault = "#22304a",
            TableLines = "#1c2840",
            Divider = "#22304a",
            Primary = "#4cc9f0",
            Secondary = "#a78bfa",
            Success = "#34d399",
            Warning = "#fbbf24",
            Error = "#f87171",
            Info = "#60a5fa",
        },
        PaletteLight = new PaletteLight
        {
            Background = "#f4f6fb",
            Surface = "#ffffff",
            AppbarBackground = "#f4f6fb",
            AppbarText = "#101828",
            TextPrimary = "#101828",
            TextSecondary = "#5b6780",
            LinesDefault = "#dde3ee",
            TableLines = "#e6ebf4",
            Divider = "#dde3ee",
            Primary = "#0369a1",
            Secondary = "#6d28d9",
            Success = "#047857",
            Warning = "#b45309",
            Error = "#b91c1c",
            Info = "#1d4ed8",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "12px", AppbarHeight = "56px" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.9rem" } },
    };
}
