using System.Runtime.CompilerServices;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>One value of a row in the form of its column's type; only text is an object of its own.</summary>
internal readonly record struct Cell
{
    private readonly UInt128 _bits;

    private Cell(UInt128 bits, string? text) => (_bits, Text, HasValue) = (bits, text, true);

    /// <summary>False for null.</summary>
    public bool HasValue { get; }

    /// <summary>The text; null for other types.</summary>
    public string? Text { get; }

    public long Number => unchecked((long)(ulong)_bits);

    public double Fraction => BitConverter.Int64BitsToDouble(Number);

    public bool Truth => Number != 0;

    public DateOnly Date => DateOnly.FromDayNumber((int)Number);

    /// <summary>The point in time, in UTC.</summary>
    public DateTime Time => new(Number, DateTimeKind.Utc);

    public Guid Uuid => Unsafe.BitCast<UInt128, Guid>(_bits);

    public static Cell Of(string text) => new(default, text);

    public static Cell Of(long number) => new((ulong)number, null);

    public static Cell Of(double fraction) => Of(BitConverter.DoubleToInt64Bits(fraction));

    public static Cell Of(bool truth) => Of(truth ? 1L : 0L);

    public static Cell Of(DateOnly date) => Of((long)date.DayNumber);

    public static Cell Of(DateTime utc) => Of(utc.Ticks);

    public static Cell Of(Guid uuid) => new(Unsafe.BitCast<Guid, UInt128>(uuid), null);
}
