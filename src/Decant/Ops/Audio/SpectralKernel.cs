using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Kernels.Spectral;

namespace Decant.Ops.Audio;

/// <summary>Runs <see cref="Spectral"/>; keeps the transform of each axis until another length is asked for.</summary>
internal sealed class SpectralKernel(int rank, bool inverse, bool isReal) : Kernel
{
    // Elements between two looks at the cancellation.
    private const long Block = 1 << 22;

    private readonly FourierTransform?[] _axes = new FourierTransform?[rank];
    private RealFourierTransform? _real;

    public static DType ResultType(DType input, bool isReal, bool inverse)
    {
        bool isWide = input is DType.Float64 or DType.Complex128;
        return isReal && inverse ? (isWide ? DType.Float64 : DType.Float32) : isWide ? DType.Complex128 : DType.Complex64;
    }

    /// <summary>The shape that a real transform gives.</summary>
    public static Shape Result(Shape input, long[] lengths, bool inverse)
    {
        long[] dims = input.Dims.ToArray();
        for (int i = 0; i < lengths.Length; i++)
            dims[^(lengths.Length - i)] = i == lengths.Length - 1 && !inverse ? (lengths[i] / 2) + 1 : lengths[i];
        return new Shape(dims);
    }

    public override void Run(KernelContext context)
    {
        Layout layout = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: isReal ? 1u << 1 : 0);
        DType dtype = ResultType(context.Input(0).DType, isReal, inverse);
        Tensor output = context.Allocate(0, dtype, layout.Result);
        if (layout.Result.ElementCount == 0)
            return;
        if (layout.From.ElementCount == 0)
            throw context.Fail($"has an empty input {context.Shape(0)}, expected elements to transform");
        if (layout.Lengths.Contains(0))
            throw context.Fail($"has fft_length [{string.Join(',', layout.Lengths)}], expected lengths of at least 1");
        try
        {
            if (dtype is DType.Float32 or DType.Complex64)
                Run<float>(context, layout, output);
            else
                Run<double>(context, layout, output);
        }
        catch (OutOfMemoryException)
        {
            throw OpErrors.OutOfMemory.At(context.Node.At(), $"a transform of [{string.Join(',', layout.Lengths)}] elements needs more memory than this machine can give");
        }
    }

    /// <summary>The numbers from a place on, complex ones as pairs.</summary>
    private static ReadOnlySpan<T> Read<T>(Tensor tensor, long start, long count)
        where T : unmanaged
    {
        (int from, int length) = (checked((int)start), checked((int)count));
        return tensor.DType switch
        {
            DType.Complex64 => MemoryMarshal.Cast<Complex64, T>(tensor.Span<Complex64>().Slice(from, length)),
            DType.Complex128 => MemoryMarshal.Cast<Complex, T>(tensor.Span<Complex>().Slice(from, length)),
            _ => tensor.Span<T>().Slice(from, length),
        };
    }

    private static Span<T> Written<T>(KernelContext context, Tensor tensor, long start, long count)
        where T : unmanaged
    {
        (int from, int length) = (checked((int)start), checked((int)count));
        return tensor.DType switch
        {
            DType.Complex64 => MemoryMarshal.Cast<Complex64, T>(context.Writable<Complex64>(tensor).Slice(from, length)),
            DType.Complex128 => MemoryMarshal.Cast<Complex, T>(context.Writable<Complex>(tensor).Slice(from, length)),
            _ => context.Writable<T>(tensor).Slice(from, length),
        };
    }

    private Layout Derive(KernelContext context)
    {
        Shape input = context.Shape(0);
        if (input.Rank < rank)
            throw context.Fail($"has an input of shape {input}, expected rank {rank} or more");
        var from = new Shape(input.Dims[^rank..]);
        long[] lengths = isReal ? context.Ints(1) : from.Dims.ToArray();
        if (lengths.Length != rank || lengths.Any(l => l < 0 || l > FourierTransform.MaxLength))
            throw context.Fail($"has fft_length [{string.Join(',', lengths)}], expected {rank} lengths up to {FourierTransform.MaxLength}");
        Box fromBox = from.ElementCount == 0 ? default : Box.Of(from.Dims), toBox = Box.Of(lengths);
        int bins = (toBox.Width / 2) + 1, kept = !isReal ? toBox.Width : inverse ? Math.Min(fromBox.Width, bins) : bins;
        var middle = new Shape(inverse && isReal ? toBox.Depth : Math.Min(fromBox.Depth, toBox.Depth), toBox.Height, kept);
        return new Layout(from, lengths, isReal ? Result(input, lengths, inverse) : input, fromBox, toBox, middle);
    }

    private FourierTransform Axis(int axis, int length) => _axes[axis] is { } known && known.Length == length ? known : _axes[axis] = new FourierTransform(length);

    private RealFourierTransform Real(int length) => _real is { } known && known.Length == length ? known : _real = new RealFourierTransform(length);

    private void Run<T>(KernelContext context, Layout layout, Tensor output)
        where T : unmanaged
    {
        Tensor input = context.Input(0);
        Box from = layout.FromBox, to = layout.ToBox;
        long slices = input.ElementCount / from.Count, results = output.ElementCount / slices;
        if (from.Depth == 1 && from.Height == 1 && to.Depth == 1 && to.Height == 1)
        {
            long step = Math.Max(1, Block / Math.Max(from.Width, to.Width));
            for (long start = 0; start < slices; start += step)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                int lines = (int)Math.Min(step, slices - start);
                Rows(context, Read<T>(input, start * from.Count, lines * from.Count), from.Width, Written<T>(context, output, start * results, lines * results), to.Width, lines);
            }

            return;
        }

        int kept = (int)layout.Middle[2];
        if (Math.Max(layout.Middle.ElementCount, Math.Max(from.Count, to.Count)) > int.MaxValue / 2)
            throw OpErrors.OutOfMemory.At(context.Node.At(), $"transforms {layout.From} to [{string.Join(',', layout.Lengths)}], more than 2^30 elements");
        Span<double> middle = MemoryMarshal.Cast<Complex, double>(context.Writable<Complex>(context.Scratch(DType.Complex128, layout.Middle)));
        for (long slice = 0; slice < slices; slice++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<T> x = Read<T>(input, slice * from.Count, from.Count);
            Span<T> y = Written<T>(context, output, slice * results, results);
            if (isReal && inverse)
                ColumnsThenRows(context, x, from, middle, y, to, kept);
            else
                RowsThenColumns(context, x, from, middle, y, to, kept);
        }
    }

    private void Rows<TIn, TOut>(KernelContext context, ReadOnlySpan<TIn> x, int from, Span<TOut> y, int to, int lines)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        if (!isReal)
            Axis(rank - 1, to).Rows(x, y, lines, inverse, context.Pool);
        else if (inverse)
            Real(to).Inverse(x, from, y, lines, context.Pool);
        else
            Real(to).Forward(x, from, y, lines, context.Pool);
    }

    private void RowsThenColumns<T>(KernelContext context, ReadOnlySpan<T> x, Box from, Span<double> middle, Span<T> y, Box to, int kept)
        where T : unmanaged
    {
        (int depth, int height) = (Math.Min(from.Depth, to.Depth), Math.Min(from.Height, to.Height));
        int row = isReal ? from.Width : 2 * from.Width, plane = 2 * to.Height * kept;
        for (int i = 0; i < depth; i++)
            Rows(context, x[(i * from.Height * row)..], from.Width, middle[(i * plane)..], to.Width, height);
        for (int i = 0; i < depth && rank == 3; i++)
            Axis(1, to.Height).Columns(middle[(i * plane)..], kept, height, middle[(i * plane)..], kept, kept, inverse, context.Pool);
        if (rank == 3)
            Axis(0, to.Depth).Columns(middle, to.Height * kept, depth, y, to.Height * kept, to.Height * kept, inverse, context.Pool);
        else
            Axis(0, to.Height).Columns(middle, kept, height, y, kept, kept, inverse, context.Pool);
    }

    private void ColumnsThenRows<T>(KernelContext context, ReadOnlySpan<T> x, Box from, Span<double> middle, Span<T> y, Box to, int kept)
        where T : unmanaged
    {
        int height = Math.Min(from.Height, to.Height), plane = to.Height * kept;
        for (int i = 0; i < height && rank == 3; i++)
            Axis(0, to.Depth).Columns(x[(2 * i * from.Width)..], from.Height * from.Width, from.Depth, middle[(2 * i * kept)..], plane, kept, inverse, context.Pool);
        for (int i = 0; i < to.Depth && rank == 3; i++)
            Axis(1, to.Height).Columns(middle[(2 * i * plane)..], kept, height, middle[(2 * i * plane)..], kept, kept, inverse, context.Pool);
        if (rank == 2)
            Axis(0, to.Height).Columns(x, from.Width, height, middle, kept, kept, inverse, context.Pool);
        Real(to.Width).Inverse<double, T>(middle, kept, y, to.Depth * to.Height, context.Pool);
    }

    /// <summary>The last three dimensions, of which missing ones are 1.</summary>
    private readonly record struct Box(int Depth, int Height, int Width)
    {
        public long Count => (long)Depth * Height * Width;

        public static Box Of(ReadOnlySpan<long> dims) => new(dims.Length > 2 ? checked((int)dims[^3]) : 1, dims.Length > 1 ? checked((int)dims[^2]) : 1, checked((int)dims[^1]));
    }

    /// <param name="From">The input's dimensions that are transformed.</param>
    /// <param name="Lengths">The length of each transform.</param>
    /// <param name="Result">The shape of the output.</param>
    /// <param name="FromBox"><see cref="From"/>, if there are elements.</param>
    /// <param name="ToBox"><see cref="Lengths"/>.</param>
    /// <param name="Middle">What lies in float64 between the transforms of rows and of columns: the columns that count.</param>
    private sealed record Layout(Shape From, long[] Lengths, Shape Result, Box FromBox, Box ToBox, Shape Middle);
}
