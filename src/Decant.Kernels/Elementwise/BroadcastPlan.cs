namespace Decant.Kernels.Elementwise;

/// <summary>
/// How two or three inputs broadcast to one output by NumPy's rule, with adjacent dimensions collapsed. Made once per
/// set of shapes. Strides are in elements; 0 repeats. The innermost collapsed dimension has stride 0 or 1 for each input.
/// </summary>
public sealed class BroadcastPlan
{
    private readonly long[][] strides;

    private BroadcastPlan(long[] outputDims, long[] dims, long[][] strides, bool sameShape)
    {
        OutputDims = outputDims;
        Dims = dims;
        this.strides = strides;
        SameShape = sameShape;
        long count = 1;
        foreach (long d in outputDims)
            count = checked(count * d);
        Count = count;
        Inner = (int)dims[^1];
        Outer = Count == 0 ? 0 : (int)(Count / Math.Max(1, dims[^1]));
    }

    /// <summary>The broadcast shape, not collapsed.</summary>
    public long[] OutputDims { get; }

    /// <summary>The collapsed output dimensions; at least one.</summary>
    public ReadOnlySpan<long> DimsSpan => Dims;

    /// <summary>Number of output elements.</summary>
    public long Count { get; }

    /// <summary>Whether all inputs have the output's shape.</summary>
    public bool SameShape { get; }

    internal long[] Dims { get; }

    internal int Inner { get; }

    internal int Outer { get; }

    /// <exception cref="ArgumentException">Two dimensions differ and neither is 1.</exception>
    public static BroadcastPlan Create(ReadOnlySpan<long> a, ReadOnlySpan<long> b) => Create([a.ToArray(), b.ToArray()]);

    /// <exception cref="ArgumentException">Two dimensions differ and neither is 1.</exception>
    public static BroadcastPlan Create(ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c) =>
        Create([a.ToArray(), b.ToArray(), c.ToArray()]);

    internal ReadOnlySpan<long> Strides(int input) => strides[input];

    internal long InnerStride(int input) => strides[input][^1];

    /// <summary>The element offset of input <paramref name="input"/> at outer row <paramref name="row"/>.</summary>
    internal long Offset(int input, long row)
    {
        long offset = 0;
        long[] s = strides[input];
        for (int d = Dims.Length - 2; d > 0; d--)
        {
            (row, long index) = Math.DivRem(row, Dims[d]);
            offset += index * s[d];
        }

        return Dims.Length > 1 ? offset + (row * s[0]) : 0;
    }

    /// <summary>Whether an input has the output's elements in the output's order.</summary>
    internal bool IsDense(int input)
    {
        long stride = 1;
        for (int d = Dims.Length - 1; d >= 0; stride *= Dims[d--])
        {
            if (strides[input][d] != stride)
                return false;
        }

        return true;
    }

    /// <summary>Whether an input has the same row everywhere.</summary>
    internal bool RepeatsRow(int input) => strides[input].AsSpan(..^1).IndexOfAnyExcept(0) < 0;

    /// <summary>Writes rows of an input as the output has them, one after another.</summary>
    internal unsafe void Fill<T>(int input, T* from, long row, int rows, T* to)
        where T : unmanaged
    {
        int inner = Inner;
        bool isOne = InnerStride(input) == 0;
        for (long end = row + rows; row < end; row++, to += inner)
        {
            T* source = from + Offset(input, row);
            for (int i = 0; i < inner; i++)
                to[i] = isOne ? *source : source[i];
        }
    }

    private static BroadcastPlan Create(long[][] shapes)
    {
        int rank = 0;
        foreach (long[] shape in shapes)
            rank = Math.Max(rank, shape.Length);
        long[] output = new long[rank];
        Array.Fill(output, 1);
        foreach (long[] shape in shapes)
            Widen(output, shape);

        long[][] full = new long[shapes.Length][];
        bool same = true;
        for (int i = 0; i < shapes.Length; i++)
        {
            full[i] = FullStrides(output, shapes[i]);
            same &= Product(shapes[i]) == Product(output);
        }

        return Collapse(output, full, same);
    }

    private static void Widen(long[] output, long[] shape)
    {
        int shift = output.Length - shape.Length;
        for (int d = 0; d < shape.Length; d++)
        {
            long have = output[d + shift];
            if (have == 1)
                output[d + shift] = shape[d];
            else if (shape[d] != 1 && shape[d] != have)
                throw new ArgumentException($"dimension {d + shift}: {have} and {shape[d]} do not broadcast");
        }
    }

    private static long[] FullStrides(long[] output, long[] shape)
    {
        long[] result = new long[output.Length];
        int shift = output.Length - shape.Length;
        long stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            result[d + shift] = shape[d] == 1 ? 0 : stride;
            stride *= shape[d];
        }

        return result;
    }

    private static BroadcastPlan Collapse(long[] output, long[][] full, bool same)
    {
        List<long> dims = [];
        List<long>[] strides = new List<long>[full.Length];
        for (int i = 0; i < full.Length; i++)
            strides[i] = [];
        for (int d = 0; d < output.Length; d++)
        {
            if (output[d] == 1)
                continue;
            bool join = dims.Count > 0;
            for (int i = 0; i < full.Length && join; i++)
                join = strides[i][^1] == full[i][d] * output[d];
            if (join)
                dims[^1] *= output[d];
            else
                dims.Add(output[d]);
            for (int i = 0; i < full.Length; i++)
            {
                if (join)
                    strides[i][^1] = full[i][d];
                else
                    strides[i].Add(full[i][d]);
            }
        }

        if (dims.Count == 0)
        {
            dims.Add(1);
            foreach (List<long> s in strides)
                s.Add(1);
        }

        return new BroadcastPlan(output, [.. dims], Array.ConvertAll(strides, s => s.ToArray()), same);
    }

    private static long Product(long[] dims)
    {
        long product = 1;
        foreach (long d in dims)
            product *= d;
        return product;
    }
}
