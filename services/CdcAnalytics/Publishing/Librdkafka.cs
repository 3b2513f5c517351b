using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>
/// The part of librdkafka's C interface that capture produces with
/// (<see href="https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka.h">rdkafka.h</see>). Confluent.Kafka, which brings the library, allocates some
/// hundred bytes a message on its way there; with the C interface a change goes from the log into the library's buffer without any.
/// </summary>
internal static unsafe partial class Librdkafka
{
    public const int Success = 0, QueueFull = -184;

    private const string Library = "librdkafka";

    // Which of the package's builds fits this machine's C library, in the order in which Confluent.Kafka tries them.
    private static readonly string[] Builds = ["librdkafka", "centos8-librdkafka", "alpine-librdkafka"];

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, (name, assembly, path) =>
    {
        if (name != Library) return 0;
        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, path, out var handle)) return handle;
        }

        return 0;
    });

    /// <summary>Who owns a message's memory: the library copies it (<c>RD_KAFKA_MSG_F_COPY</c>).</summary>
    public const int CopyFlag = 2;

    /// <summary>A delivery report (<c>RD_KAFKA_EVENT_DR</c>), a line of the client's log, and an error of the client.</summary>
    public const int DeliveryEvent = 1, LogEvent = 4, ErrorEvent = 8;

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, byte* error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_events")]
    public static partial void SetEvents(nint configuration, int events);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, byte* error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void DestroyTopic(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    public static partial nint Produce(nint client, ProduceArgument* arguments, nint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    public static partial int ErrorCode(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void DestroyError(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2str")]
    private static partial byte* ErrorText(int code);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint MainQueue(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_set_log_queue")]
    public static partial int SetLogQueue(nint client, nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_name")]
    private static partial byte* ClientName(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_log")]
    private static partial int EventLog(nint happened, byte** facility, byte** text, int* level);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint Poll(nint queue, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_type")]
    public static partial int EventType(nint happened);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error_is_fatal")]
    public static partial int EventErrorIsFatal(nint happened);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error_string")]
    private static partial byte* EventErrorText(nint happened);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_message_array")]
    public static partial nint EventMessages(nint happened, Message** messages, nint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void DestroyEvent(nint happened);

    [LibraryImport(Library, EntryPoint = "rd_kafka_purge")]
    public static partial int Purge(nint client, int flags);

    /// <summary>A log event's line.</summary>
    public static LogMessage Line(nint client, nint happened)
    {
        byte* facility, text;
        int level;
        _ = EventLog(happened, &facility, &text, &level);
        return new(Text(ClientName(client)), (SyslogLevel)level, Text(facility), Text(text));

        static string Text(byte* characters) => Marshal.PtrToStringUTF8((nint)characters) ?? "";
    }

    /// <summary>The library's words for an error code.</summary>
    public static string Describe(int code) => Marshal.PtrToStringUTF8((nint)ErrorText(code)) ?? $"error {code}";

    /// <summary>The library's words for an error event.</summary>
    public static string DescribeEvent(nint happened) => Marshal.PtrToStringUTF8((nint)EventErrorText(happened)) ?? "an error without a text";

    /// <summary>One argument of <c>rd_kafka_produceva</c> (<c>rd_kafka_vu_t</c>): a type and a union of 64 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct ProduceArgument
    {
        public const int TopicHandle = 2, Partition = 3, Value = 4, Key = 5, Opaque = 6, Flags = 7, Header = 9;

        [FieldOffset(0)] public int Type;
        [FieldOffset(8)] public nint Pointer;
        [FieldOffset(8)] public int Number;

        /// <summary>Size of a value or key, behind its pointer.</summary>
        [FieldOffset(16)] public nint Size;

        /// <summary>Value and size of a header, behind the pointer to its name.</summary>
        [FieldOffset(16)] public nint HeaderValue;
        [FieldOffset(24)] public nint HeaderSize;
    }

    /// <summary>A message in a delivery report (<c>rd_kafka_message_t</c>).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Value;
        public nint ValueSize;
        public nint Key;
        public nint KeySize;
        public long Offset;
        public nint Opaque;
    }
}
