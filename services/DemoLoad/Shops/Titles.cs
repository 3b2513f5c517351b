using Bogus;

namespace Platform.DemoLoad.Shops;

/// <summary>Names of songs, albums and bands that do not exist.</summary>
internal static class Titles
{
    public static readonly string[] Genres = ["Ambient", "Blues", "Classical", "Electronica", "Folk", "Jazz", "Metal", "Pop", "Rock", "Soul"];

    private static readonly string[] Qualities =
        ["Amber", "Borrowed", "Copper", "Distant", "Electric", "Faded", "Golden", "Hollow", "Idle", "Late", "Midnight", "Northern", "Paper", "Quiet", "Restless", "Silver", "Tidal", "Velvet"];

    private static readonly string[] Things =
        ["Avenue", "Bridge", "Comet", "Dream", "Engine", "Festival", "Garden", "Harbour", "Island", "Lantern", "Mirror", "Ocean", "Parade", "Rain", "Signal", "Summer", "Tower", "Window"];

    public static string Song(Randomizer random) => random.Int(0, 3) switch
    {
        0 => $"{random.ArrayElement(Qualities)} {random.ArrayElement(Things)}",
        1 => $"The {random.ArrayElement(Things)} and the {random.ArrayElement(Things)}",
        2 => $"Back to the {random.ArrayElement(Things)}",
        _ => $"{random.ArrayElement(Things)} in {random.ArrayElement(Qualities)}",
    };

    public static string Album(Randomizer random) => $"{random.ArrayElement(Qualities)} {random.ArrayElement(Things)}s";

    public static string Band(Randomizer random) => $"The {random.ArrayElement(Qualities)} {random.ArrayElement(Things)}s";
}
