namespace Platform.Cluster;

/// <summary>
/// The decision that a replica takes a primary's place: a file in the replica's folder that names the old primary. It is written while the old primary is stopped and the replica has
/// all of its log, in one step, and holds whatever dies afterwards: from then on the old primary starts as a replica only, and the replica promotes itself.
/// </summary>
public static class PromotionOrder
{
    /// <summary>Name of the file in the folder of the node that becomes the primary.</summary>
    public const string FileName = "promotion-order";

    /// <summary>Gives the order.</summary>
    /// <param name="folder">Folder of the replica.</param>
    /// <param name="from">Name of the old primary.</param>
    public static void Give(string folder, string from)
    {
        var file = Path.Combine(folder, FileName);
        using (var stream = new FileStream(file + ".new", FileMode.Create))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(from);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Name of the primary whose place the node takes; null without an order.</summary>
    public static string? Find(string folder)
    {
        try
        {
            var file = Path.Combine(folder, FileName);
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Carried out meanwhile.
        }
    }

    /// <summary>Removes it: it is carried out, or was given up before the replica was promoted.</summary>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
