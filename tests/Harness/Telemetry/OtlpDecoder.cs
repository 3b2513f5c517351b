using System.Globalization;

namespace Platform.Harness.Telemetry;

/// <summary>
/// Decodes what services export, as far as tests ask for it. The three signals are built alike: resources, in them scopes, in them records
/// (<see href="https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto">OTLP's messages</see>).
/// </summary>
internal static class OtlpDecoder
{
    private delegate T Record<out T>(string service, string scope, ReadOnlySpan<byte> record);

    public static List<ReceivedSpan> Spans(ReadOnlySpan<byte> request) => Records(request, Span);

    public static List<ReceivedMetric> Metrics(ReadOnlySpan<byte> request) => Records(request, Metric);

    public static List<ReceivedLog> Logs(ReadOnlySpan<byte> request) => Records(request, Log);

    private static List<T> Records<T>(ReadOnlySpan<byte> request, Record<T> decode)
    {
        List<T> records = [];
        for (var resources = new ProtobufReader(request); resources.Read();)
        {
            var service = "";
            for (var resource = new ProtobufReader(resources.Bytes); resource.Read();)
            {
                if (resource.Field == 1) service = Attributes(resource.Bytes, field: 1).GetValueOrDefault("service.name", "");
                if (resource.Field == 2) AddScope(resource.Bytes, service);
            }
        }

        return records;

        void AddScope(ReadOnlySpan<byte> bytes, string service)
        {
            var name = "";
            for (var scope = new ProtobufReader(bytes); scope.Read();)
            {
                if (scope.Field == 1) name = Text(scope.Bytes, field: 1);
                if (scope.Field == 2) records.Add(decode(service, name, scope.Bytes));
            }
        }
    }

    private static ReceivedSpan Span(string service, string scope, ReadOnlySpan<byte> bytes)
    {
        var (trace, id, parent, name, kind) = ("", "", "", "", 0);
        List<string> links = [];
        for (var span = new ProtobufReader(bytes); span.Read();)
        {
            switch (span.Field)
            {
                case 1: trace = span.Hex; break;
                case 2: id = span.Hex; break;
                case 4: parent = span.Hex; break;
                case 5: name = span.Text; break;
                case 6: kind = (int)span.Number; break;
                case 13: links.Add(Link(span.Bytes)); break;
            }
        }

        return new(service, scope, trace, id, parent, name, kind, links, Attributes(bytes, field: 9));
    }

    private static string Link(ReadOnlySpan<byte> bytes)
    {
        for (var link = new ProtobufReader(bytes); link.Read();)
        {
            if (link.Field == 2) return link.Hex;
        }

        return "";
    }

    private static ReceivedMetric Metric(string service, string scope, ReadOnlySpan<byte> bytes) => new(service, scope, Text(bytes, field: 1), Text(bytes, field: 3));

    private static ReceivedLog Log(string service, string scope, ReadOnlySpan<byte> bytes)
    {
        var body = "";
        for (var log = new ProtobufReader(bytes); log.Read();)
        {
            if (log.Field == 5) body = Value(log.Bytes);
        }

        return new(service, scope, body, Attributes(bytes, field: 6));
    }

    private static Dictionary<string, string> Attributes(ReadOnlySpan<byte> bytes, int field)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        for (var message = new ProtobufReader(bytes); message.Read();)
        {
            if (message.Field != field) continue;
            var (key, value) = ("", "");
            for (var attribute = new ProtobufReader(message.Bytes); attribute.Read();)
            {
                if (attribute.Field == 1) key = attribute.Text;
                if (attribute.Field == 2) value = Value(attribute.Bytes);
            }

            attributes[key] = value;
        }

        return attributes;
    }

    // Texts and whole numbers; other values are left empty.
    private static string Value(ReadOnlySpan<byte> bytes)
    {
        for (var value = new ProtobufReader(bytes); value.Read();)
        {
            if (value.Field == 1) return value.Text;
            if (value.Field == 3) return ((long)value.Number).ToString(CultureInfo.InvariantCulture);
        }

        return "";
    }

    private static string Text(ReadOnlySpan<byte> bytes, int field)
    {
        for (var message = new ProtobufReader(bytes); message.Read();)
        {
            if (message.Field == field) return message.Text;
        }

        return "";
    }
}
