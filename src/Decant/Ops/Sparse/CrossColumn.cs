using System.Globalization;
using System.Text;
using Decant.Ops.Text;

namespace Decant.Ops.Sparse;

/// <summary>Features by rows: those of a dense tensor [rows, features], or of a sparse one whose rows follow one another.</summary>
internal sealed class CrossColumn
{
    private readonly Tensor _values;
    private readonly int _width;
    private readonly SortedDictionary<long, (int Start, int Count)>? _spans;

    private CrossColumn(Tensor values, long rows, int width, SortedDictionary<long, (int Start, int Count)>? spans) => (_values, Rows, _width, _spans) = (values, rows, width, spans);

    public long Rows { get; }

    public bool IsEmpty => _values.ElementCount == 0;

    /// <summary>A dense column.</summary>
    public static CrossColumn Of(KernelContext context, int input)
    {
        Tensor values = Checked(context, context.Input(input));
        return values.Shape.Rank == 2 ? new CrossColumn(values, values.Shape[0], (int)Math.Min(values.Shape[1], int.MaxValue), null)
            : throw context.Fail($"a dense column is {values}, expected the dimensions rows and features");
    }

    /// <summary>A sparse column, of so many.</summary>
    public static CrossColumn Of(KernelContext context, int column, int columns)
    {
        var input = SparseInput.Of(context, column, columns + column, (2 * columns) + column);
        if (input.Rank != 2)
            throw context.Fail($"a sparse column has the dense shape {input.Dense}, expected the dimensions rows and features");
        var spans = new SortedDictionary<long, (int Start, int Count)>();
        long last = -1;
        for (int i = 0; i < input.Count && input.Index(i)[0] >= last; i++)
        {
            last = input.Index(i)[0];
            spans[last] = spans.TryGetValue(last, out (int Start, int Count) span) ? (span.Start, span.Count + 1) : (i, 1);
        }

        return new CrossColumn(Checked(context, input.Values), input.Dense[0], 0, spans);
    }

    /// <summary>How many features a row has.</summary>
    public int Count(long row) => _spans is null ? _width : _spans.TryGetValue(row, out (int Start, int Count) span) ? span.Count : 0;

    public IEnumerable<long> RowsWithFeatures() => _spans is not null ? _spans.Keys : Enumerable.Range(0, (int)Rows).Select(r => (long)r);

    public bool IsDense => _spans is null;

    public bool IsText => _values.DType == DType.String;

    /// <summary>A feature that is a number.</summary>
    public long Number(long row, int feature) => _values.Span<long>()[At(row, feature)];

    /// <summary>A feature as text.</summary>
    public ReadOnlyMemory<byte> Text(long row, int feature) =>
        _values.DType == DType.String ? _values.Strings[At(row, feature)] : Encoding.UTF8.GetBytes(_values.Span<long>()[At(row, feature)].ToString(CultureInfo.InvariantCulture));

    private int At(long row, int feature) => _spans is null ? (int)((row * _width) + feature) : _spans[row].Start + feature;

    private static Tensor Checked(KernelContext context, Tensor values) =>
        values.DType is DType.String or DType.Int64 ? values : throw context.Fail($"a column is of {values.DType.Name()}, expected string or int64");
}
