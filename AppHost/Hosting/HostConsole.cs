using Spectre.Console;

namespace Platform.AppHost.Hosting;

/// <summary>What the host writes to the terminal, line by line and in colour where there is one.</summary>
internal static class HostConsole
{
    private const int WidthOfAFile = 160;
    private static readonly string[] Colours = ["aqua", "yellow", "fuchsia", "lime", "dodgerblue1", "orange1", "mediumpurple1", "springgreen2", "hotpink", "gold1"];
    private static readonly Lock Gate = new();
    private static readonly IAnsiConsole Console = CreateConsole();

    /// <summary>The colour of the resource with number <paramref name="index"/>.</summary>
    public static string ColourOf(int index) => Colours[index % Colours.Length];

    /// <summary>A line of markup.</summary>
    public static void Line(string markup)
    {
        lock (Gate) Console.MarkupLine(markup);
    }

    /// <summary>A line that a resource wrote, after its name.</summary>
    public static void Line(string name, int width, string colour, string text)
    {
        lock (Gate)
        {
            Console.Markup($"[{colour}]{Markup.Escape(name.PadRight(width))} |[/] ");
            Console.WriteLine(text);
        }
    }

    public static void Write(Spectre.Console.Rendering.IRenderable what)
    {
        lock (Gate) Console.Write(what);
    }

    private static IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Console;
        if (System.Console.IsOutputRedirected) console.Profile.Width = WidthOfAFile;
        return console;
    }
}
