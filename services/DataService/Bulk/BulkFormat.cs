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

    private const int LongestLine = 1 << 20;

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
            Mode = CsvMode.RFC4180, BadDataFound = null, MaxFieldSize = LongestLine,
        });
        if (!await csv.ReadAsync().WaitAsync(cancellationToken)) yield break;

        var header = BulkHeader.Read(entity, csv.Record ?? []);
        var line = csv.RawRow + 1L;
        while (await csv.ReadAsync().WaitAsync(cancellationToken))
        {
            var fields = csv.Record ?? [];
            var input = new RowInput();
            if (fields.Length != header.Columns.Count)
                input.AddError("", $"The row has {fields.Length} fields; the header names {header.Columns.Count}.");
            else
                header.Fill(input, fields);
            yield return new(line, input);
            line = csv.RawRow + 1L;
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

    private static RowInput Parse(EntityContract entity, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return RowInput.FromJson(entity, document.RootElement, complete: true);
        }
        catch (JsonException exception)
        {
            var input = new RowInput();
            input.AddError("", $"The line is not one JSON object: {exception.Message}");
            return input;
        }
    }
}
