using System.Runtime.CompilerServices;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>One value of a row in the form of its column's type, without objects of its own: text is a part of the event's bytes.</summary>
internal readonly struct Cell : IEquatable<Cell>
{
    // Says that there is a value which is no text.
    private static readonly byte[] NoText = [];

    private readonly ulong _bits, _more;
    private readonly byte[]? _holder;

    private Cell(ulong bits, ulong more, byte[] holder) => (_bits, _more, _holder) = (bits, more, holder);

    /// <summary>False for null.</summary>
    public bool HasValue => _holder is not null;

    /// <summary>The text in UTF-8; empty for other types.</summary>
    public Span<byte> Text => ReferenceEquals(_holder, NoText) ? default : _holder.AsSpan((int)_bits, (int)_more);

    public long Number => unchecked((long)_bits);

    public double Fraction => BitConverter.Int64BitsToDouble(Number);

    public bool Truth => Number != 0;

    public DateOnly Date => DateOnly.FromDayNumber((int)Number);

    /// <summary>The point in time, in UTC.</summary>
    public DateTime Time => new(Number, DateTimeKind.Utc);

    public Guid Uuid => Unsafe.BitCast<UInt128, Guid>(new(_more, _bits));

    /// <summary>A text.</summary>
    /// <param name="bytes">What holds it; it must stay as it is as long as the value is used.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    public static Cell Of(byte[] bytes, int start, int length) => new((ulong)start, (ulong)length, bytes);

    public static Cell Of(long number) => new((ulong)number, 0, NoText);

    public static Cell Of(double fraction) => Of(BitConverter.DoubleToInt64Bits(fraction));

    public static Cell Of(bool truth) => Of(truth ? 1L : 0L);

    public static Cell Of(DateOnly date) => Of((long)date.DayNumber);

    public static Cell Of(DateTime utc) => Of(utc.Ticks);

    public static Cell Of(Guid uuid) => Unsafe.BitCast<Guid, UInt128>(uuid) is var bits ? new((ulong)bits, (ulong)(bits >> 64), NoText) : default;

    /// <inheritdoc />
    public bool Equals(Cell other) => HasValue == other.HasValue && IsText == other.IsText && (IsText ? Text.SequenceEqual(other.Text) : (_bits, _more) == (other._bits, other._more));

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        if (!IsText) return HashCode.Combine(_bits, _more);
        HashCode hash = default;
        hash.AddBytes(Text);
        return hash.ToHashCode();
    }

    private bool IsText => _holder is not null && !ReferenceEquals(_holder, NoText);
}
