using Apache.Arrow;
using Apache.Arrow.Types;

namespace Platform.CdcAnalytics.Olap;

/// <summary>An answer as one Arrow record batch.</summary>
internal static class ArrowBatch
{
    public static RecordBatch Of(OlapAnswer answer)
    {
        var schema = new Schema.Builder();
        List<IArrowArray> arrays = [];
        for (var i = 0; i < answer.Fields.Count; i++)
        {
            var array = ArrayOf(answer, i);
            schema.Field(new Field(answer.Fields[i].Name, array.Data.DataType, nullable: true));
            arrays.Add(array);
        }

        return new RecordBatch(schema.Build(), arrays, answer.Rows.Count);
    }

    private static IArrowArray ArrayOf(OlapAnswer answer, int column)
    {
        var type = answer.Fields[column].Type;
        var values = answer.Rows.Select(row => row[column]);
        if (type == typeof(long) || type == typeof(int)) return Fill(new Int64Array.Builder(), values, (b, v) => b.Append(Convert.ToInt64(v)), b => b.AppendNull()).Build();
        if (type == typeof(double)) return Fill(new DoubleArray.Builder(), values, (b, v) => b.Append((double)v), b => b.AppendNull()).Build();
        if (type == typeof(bool)) return Fill(new BooleanArray.Builder(), values, (b, v) => b.Append((bool)v), b => b.AppendNull()).Build();
        if (type == typeof(DateOnly)) return Fill(new Date32Array.Builder(), values, (b, v) => b.Append(((DateOnly)v).ToDateTime(TimeOnly.MinValue)), b => b.AppendNull()).Build();
        if (type == typeof(DateTime))
        {
            return Fill(
                new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC")), values, (b, v) => b.Append(new DateTimeOffset((DateTime)v, TimeSpan.Zero)),
                b => b.AppendNull()).Build();
        }

        if (type == typeof(decimal) || type == typeof(System.Numerics.BigInteger))
        {
            var scale = answer.Rows.Select(row => row[column]).OfType<decimal>().Select(value => (int)value.Scale).DefaultIfEmpty(0).Max();
            return Fill(new Decimal128Array.Builder(new Decimal128Type(38, scale)), values, (b, v) => b.Append((decimal)v), b => b.AppendNull()).Build();
        }

        return Fill(new StringArray.Builder(), values, (b, v) => b.Append(OlapResult.Text(v)), b => b.AppendNull()).Build();
    }

    private static TBuilder Fill<TBuilder>(TBuilder builder, IEnumerable<object?> values, Action<TBuilder, object> append, Action<TBuilder> appendNull)
    {
        foreach (var value in values)
        {
            if (value is null) appendNull(builder);
            else append(builder, value);
        }

        return builder;
    }
}
