namespace Platform.Cluster;

/// <summary>
/// The decision that a replica takes a primary's place: a file in the replica's folder. It is written while the old primary is stopped and
/// the replica has all of its log, in one step, and holds whatever dies afterwards: from then on the old primary starts as a replica only,
/// and the replica promotes itself. Should the old primary have written after
/// <paramref name="Position"/>, the order is void.
/// </summary>
/// <param name="From">Name of the old primary.</param>
/// <param name="Position">Position of its shutdown checkpoint, as Postgres writes it.</param>
public sealed record PromotionOrder(string From, string Position)
{
    private const string FileName = "promotion-order";

    /// <summary>Gives the order to the replica of a folder.</summary>
    public void Give(string folder)
    {
        var file = Path.Combine(folder, FileName);
        using (var stream = new FileStream(file + ".new", FileMode.Create))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write($"{From} {Position}");
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>The order of a folder's node; null when it has none.</summary>
    public static PromotionOrder? Find(string folder)
    {
        try
        {
            var file = Path.Combine(folder, FileName);
            return File.Exists(file) && File.ReadAllText(file).Split(' ') is [var from, var position] ? new(from, position) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Carried out meanwhile.
        }
    }

    /// <summary>Removes it: it is carried out, or void.</summary>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
