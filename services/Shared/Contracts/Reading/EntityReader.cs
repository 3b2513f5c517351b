using System.Text.RegularExpressions;
using Platform.Contracts.Rules;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.Contracts.Reading;

/// <summary>Reads one ODCS document: its head, its one schema object, and what the rules within one entity say about them.</summary>
internal static partial class EntityReader
{
    private static readonly string[] Statuses = ["proposed", "draft", "active", "deprecated", "retired"];

    /// <summary>The draft, or null when not even the entity's name can be read. Everything wrong goes to the report.</summary>
    public static EntityDraft? Read(ContractSource source, Report report)
    {
        if (ParseYaml(source.Text, report) is not { } root) return null;
        if (MapNode.Of(root, OdcsFields.Document, report) is not { } document) return null;

        var version = ReadHead(document, report);
        if (ReadSchemaObject(document, report) is not { } entity) return null;
        if (entity.RequiredText("name", "write the entity's name, in the plural: orders") is not { } name) return null;
        report.AddRange(NameRules.CheckEntity(report.File, name));
        CheckPhysicalForm(entity, name, report);

        var columns = entity.Maps("properties", OdcsFields.Column)
            .Select(property => ColumnReader.Read(property, report))
            .OfType<ColumnDraft>()
            .ToArray();
        if (columns.Length == 0)
            report.Add(entity.LineOf("properties"), "missing-field", $"'{name.Value}' has no properties", "write at least the key");

        var custom = CustomProperties.Read(entity, CustomProperties.OfEntities, report);
        var draft = new EntityDraft
        {
            File = report.File,
            Name = name,
            Version = version,
            Description = entity.Text("description")?.Value.Trim() ?? "",
            Domain = document.Text("domain")?.Value.Trim() ?? "",
            Columns = columns,
            Partitioning = PartitioningReader.Read(custom, report),
            Cache = CacheReader.Read(custom, report),
            Temporal = custom.Flag("temporal") ?? false,
            Retention = RetentionReader.Read(document, name.Value, report),
            Analytics = AnalyticsReader.Read(custom, report),
            Rollups = RollupReader.Read(custom, report),
            Quality = [.. QualityReader.Read(entity, column: null, report), .. columns.SelectMany(column => column.Quality)],
        };
        report.AddRange(KeyRules.Check(draft, entity.LineOf("properties")));
        report.AddRange(PartitioningRules.Check(draft));
        report.AddRange(AnalyticsRules.Check(draft));
        return draft;
    }

    private static YamlNode? ParseYaml(string text, Report report)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            var stream = new YamlStream();
            stream.Load(parser);
            if (stream.Documents.Count == 1) return stream.Documents[0].RootNode;
            report.Add(1, "yaml-syntax", $"the file has {stream.Documents.Count} documents", "write one contract per file");
        }
        catch (YamlException exception)
        {
            report.Add((int)exception.Start.Line, "yaml-syntax", exception.Message.TrimEnd('.'), "write valid YAML");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the parser throws for some documents; the mistake is after what it read last.
            report.Add((int)(parser.Current?.End.Line ?? 1), "yaml-syntax", "the text after this is no YAML", "write valid YAML");
        }

        return null;
    }

    private static string ReadHead(MapNode document, Report report)
    {
        document.RequiredText("apiVersion", "write apiVersion: v3.1.0");
        document.Word("apiVersion", "api-version", ["v3.1.0"]);
        document.RequiredText("kind", "write kind: DataContract");
        document.Word("kind", "contract-kind", ["DataContract"]);
        document.RequiredText("id", "write a unique id, a UUID for instance");
        document.RequiredText("status", Spelling.OneOf(Statuses));
        document.Word("status", "contract-status", Statuses);
        CustomProperties.Read(document, CustomProperties.OfDocuments, report);

        var version = document.RequiredText("version", "write a semantic version: 1.0.0");
        if (version is { } written && !SemanticVersion().IsMatch(written.Value))
            report.Add(written.Line, "contract-version", $"'{written.Value}' is no semantic version", "write major.minor.patch: 1.0.0");
        return version?.Value ?? "";
    }

    private static MapNode? ReadSchemaObject(MapNode document, Report report)
    {
        var objects = document.Items("schema").ToArray();
        if (objects.Length == 1) return MapNode.Of(objects[0], OdcsFields.Entity, report);
        report.Add(
            objects.Length > 1 ? MapNode.LineOf(objects[1]) : document.LineOf("schema"),
            "one-entity",
            $"'schema' has {objects.Length} objects",
            "write exactly one, and a contract of its own for each other entity");
        return null;
    }

    private static void CheckPhysicalForm(MapNode entity, Located<string> name, Report report)
    {
        entity.Word("physicalType", "physical-type", ["table"]);
        entity.Word("logicalType", "logical-type", ["object"]);
        entity.Word("physicalName", "physical-name", [name.Value]);
        var fileName = name.Value + ContractLoader.FileEnding;
        if (Path.GetFileName(report.File) != fileName)
            report.Add(
                name.Line, "file-name", $"'{name.Value}' does not fit the file's name",
                $"name the file {fileName}, or the entity after the file");
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SemanticVersion();
}
