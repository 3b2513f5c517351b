using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Platform.Contracts;
using Platform.DataService.Values;

namespace Platform.DataService.Bulk;

/// <summary>The formats of a bulk load, read row by row so that memory does not grow with the input.</summary>
internal static class BulkFormat
{
    public const string Csv = "text/csv", NdJson = "application/x-ndjson";

    private const int LongestField = 1 << 20;

    /// <summary>
    /// CSV (RFC 4180, UTF-8) whose first line names columns; an empty field is no value.
    /// </summary>
    /// <exception cref="BulkHeaderException">The first line names something that is no column, or leaves out a required one.</exception>
    public static async IAsyncEnumerable<BulkRow> ReadCsv(
        EntityContract entity, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(body);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Mode = CsvMode.RFC4180, BadDataFound = null, MaxFieldSize = LongestField,
        });
        BulkHeader? header = null;
        while (true)
        {
            var next = csv.RawRow + 1L;
            if (await TryReadAsync(csv, cancellationToken) is not { } isRow)
            {
                yield return new(next, Bad($"A field has more than {LongestField} characters; a closing quote may be missing. What follows was not read."));
                yield break;
            }

            if (!isRow) yield break;
            var fields = csv.Record ?? [];
            // Counted back from the row's end, for empty lines before it were passed over.
            if (header is not null) yield return new(csv.RawRow - fields.Sum(LineBreaks), Parse(header, fields));
            else header = BulkHeader.Read(entity, fields);
        }
    }

    /// <summary>One JSON object a line; empty lines are passed over.</summary>
    public static async IAsyncEnumerable<BulkRow> ReadNdJson(
        EntityContract entity, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(body);
        var line = 0L;
        while (await text.ReadLineAsync(cancellationToken) is { } json)
        {
            line++;
            if (string.IsNullOrWhiteSpace(json)) continue;
            yield return new(line, Parse(entity, json));
        }
    }

    /// <summary>Reads a row: false at the end, null when a field is so long that where it ends is not looked for.</summary>
    private static async Task<bool?> TryReadAsync(CsvParser csv, CancellationToken cancellationToken)
    {
        try
        {
            return await csv.ReadAsync().WaitAsync(cancellationToken);
        }
        catch (MaxFieldSizeException)
        {
            return null;
        }
    }

    private static int LineBreaks(string field) => field.AsSpan().Count('\n');

    private static RowInput Parse(BulkHeader header, string[] fields)
    {
        if (fields.Length != header.Columns.Count) return Bad($"The row has {fields.Length} fields; the header names {header.Columns.Count}.");
        var input = new RowInput();
        header.Fill(input, fields);
        return input;
    }

    private static RowInput Parse(EntityContract entity, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return RowInput.FromJson(entity, document.RootElement, complete: true);
        }
        catch (JsonException exception)
        {
            return Bad($"The line is not one JSON object: {exception.Message}");
        }
    }

    private static RowInput Bad(string reason)
    {
        var input = new RowInput();
        input.AddError("", reason);
        return input;
    }
}
