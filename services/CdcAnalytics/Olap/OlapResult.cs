using System.Globalization;
using System.Text;
using System.Text.Json;
using Apache.Arrow.Ipc;
using Platform.Replication;

namespace Platform.CdcAnalytics.Olap;

/// <summary>
/// An answer in the form that the caller accepts: JSON, CSV (<c>text/csv</c>) or an Arrow stream (<c>application/vnd.apache.arrow.stream</c>). Every form says in headers as of
/// which position it is and how old.
/// </summary>
internal sealed class OlapResult(OlapAnswer answer) : IResult
{
    public const string Arrow = "application/vnd.apache.arrow.stream";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, accept) = (httpContext.Response, httpContext.Request.Headers.Accept.ToString());
        response.Headers["X-As-Of"] = LsnText.Format(answer.AsOf);
        response.Headers["X-Age-Milliseconds"] = answer.AgeMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);
        if (answer.Rollup is not null) response.Headers["X-Rollup"] = answer.Rollup;
        if (accept.Contains(Arrow, StringComparison.OrdinalIgnoreCase))
        {
            response.ContentType = Arrow;
            using var batch = ArrowBatch.Of(answer);
            using var writer = new ArrowStreamWriter(response.Body, batch.Schema, leaveOpen: true);
            await writer.WriteRecordBatchAsync(batch, httpContext.RequestAborted);
            await writer.WriteEndAsync(httpContext.RequestAborted);
        }
        else if (accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            response.ContentType = "text/csv; charset=utf-8";
            await response.WriteAsync(Csv(), httpContext.RequestAborted);
        }
        else
        {
            response.ContentType = "application/json; charset=utf-8";
            await using var json = new Utf8JsonWriter(response.BodyWriter);
            WriteJson(json);
        }
    }

    private void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("asOf", LsnText.Format(answer.AsOf));
        json.WriteNumber("ageMilliseconds", answer.AgeMilliseconds);
        if (answer.Rollup is not null) json.WriteString("rollup", answer.Rollup);
        json.WriteStartArray("items");
        foreach (var row in answer.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(answer.Fields[i].Name);
                JsonSerializer.Serialize(json, row[i], JsonSerializerOptions.Web);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Csv()
    {
        var text = new StringBuilder().AppendJoin(',', answer.Fields.Select(field => Quote(field.Name))).Append("\r\n");
        foreach (var row in answer.Rows) text.AppendJoin(',', row.Select(value => Quote(Text(value)))).Append("\r\n");
        return text.ToString();
    }

    internal static string Text(object? value) => value switch
    {
        null => "",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
