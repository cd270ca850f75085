using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Kernels.Copy;
using Decant.Kernels.Threading;

namespace Decant.Ops.Arrays;

/// <summary>
/// How elements are read and written by ops that only move them: <typeparamref name="T"/> is an unsigned integer of the
/// element's size, a byte string, or a handle.
/// </summary>
internal abstract class Elements<T>
{
    /// <summary>The elements of a tensor.</summary>
    public abstract ReadOnlySpan<T> Of(Tensor tensor);

    /// <summary>Allocates an output and gives its elements to write; what they are before is not defined.</summary>
    public abstract Span<T> Allocate(KernelContext context, int port, DType dtype, Shape shape);

    /// <summary>Copies a box of elements.</summary>
    public virtual void Copy(KernelContext context, Window window, ReadOnlySpan<T> source, int sourceStart, Span<T> target, int targetStart) =>
        window.Copy(source, sourceStart, target, targetStart);

    /// <inheritdoc cref="Runs.Interleave{T}" />
    public virtual void Interleave(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step) => Runs.Interleave(source, target, run, start, step);

    /// <inheritdoc cref="Runs.Gather{T}" />
    public virtual void Gather(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step) => Runs.Gather(source, target, run, start, step);

    /// <summary>Surrounds elements with a value.</summary>
    public virtual void Pad(KernelContext context, PadLayout layout, ReadOnlySpan<T> source, Span<T> target, T value)
    {
        target.Fill(value);
        layout.Box.Copy(source, 0, target, layout.Start);
    }

    /// <summary>Allocates output 0 and joins tensors in it.</summary>
    public virtual void Join(KernelContext context, DType dtype, ConcatLayout layout)
    {
        Span<T> output = Allocate(context, 0, dtype, layout.Joined);
        if (!output.IsEmpty)
            layout.Join(this, output, 0, output.Length / layout.Step);
    }

    /// <summary>Allocates an output whose elements are zero, false, an empty string or no handle.</summary>
    public Span<T> AllocateZeros(KernelContext context, int port, DType dtype, Shape shape)
    {
        Span<T> output = Allocate(context, port, dtype, shape);
        output.Clear();
        return output;
    }
}

/// <summary>Elements of a fixed size.</summary>
internal sealed class FixedElements<T> : Elements<T>
    where T : unmanaged
{
    public static readonly FixedElements<T> Instance = new();

    /// <summary>Smaller copies are over before a blocked and shared one has begun.</summary>
    private const int WorthPreparing = 1024;

    public override ReadOnlySpan<T> Of(Tensor tensor) => tensor.Data.As<T>();

    public override Span<T> Allocate(KernelContext context, int port, DType dtype, Shape shape) => Allocate(context, port, dtype, shape, out _);

    private static Span<T> Allocate(KernelContext context, int port, DType dtype, Shape shape, out Tensor output)
    {
        output = shape.TryElementCount(out long count) && count <= int.MaxValue ? context.Allocate(port, dtype, shape)
            : throw OpErrors.OutOfMemory.At(context.Node.At(), $"the output is a {dtype.Name()} tensor of shape {shape}, more than 2^31 elements");
        return output.Data.AsMutable<T>();
    }

    public override void Join(KernelContext context, DType dtype, ConcatLayout layout)
    {
        if (Allocate(context, 0, dtype, layout.Joined, out Tensor output).IsEmpty)
            return;
        int rows = (int)(output.ElementCount / layout.Step);
        context.Pool.For((rows + layout.BlockRows - 1) / layout.BlockRows, 1, new JoinJob(layout, output, rows));
    }

    public override void Copy(KernelContext context, Window window, ReadOnlySpan<T> source, int sourceStart, Span<T> target, int targetStart)
    {
        long bytes = (long)Math.Max(source.Length, target.Length) * Unsafe.SizeOf<T>();
        if (target.Length < WorthPreparing || bytes > int.MaxValue)
            base.Copy(context, window, source, sourceStart, target, targetStart);
        else
            StridedCopy.Run(MemoryMarshal.AsBytes(source), sourceStart, window.SourceSteps, MemoryMarshal.AsBytes(target), targetStart, window.TargetSteps, window.Counts, Unsafe.SizeOf<T>(), context.Pool);
    }

    public override void Interleave(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step) => Lines.Interleave(source, target, run, start, step);

    public override void Gather(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step) => Lines.Gather(source, target, run, start, step);

    public override void Pad(KernelContext context, PadLayout layout, ReadOnlySpan<T> source, Span<T> target, T value) =>
        Padding.Run(source, layout.Sizes, target, layout.Before, layout.After, value, context.Pool);

    private readonly struct JoinJob(ConcatLayout layout, Tensor output, int rows) : IRangeJob
    {
        public void Run(int start, int end)
        {
            for (int block = start; block < end; block++)
            {
                int first = block * layout.BlockRows;
                layout.Join(Instance, output.Data.AsMutable<T>(), first, Math.Min(layout.BlockRows, rows - first));
            }
        }
    }
}

/// <summary>Byte strings.</summary>
internal sealed class StringElements : Elements<ReadOnlyMemory<byte>>
{
    public static readonly StringElements Instance = new();

    public override ReadOnlySpan<ReadOnlyMemory<byte>> Of(Tensor tensor) => tensor.Strings;

    public override Span<ReadOnlyMemory<byte>> Allocate(KernelContext context, int port, DType dtype, Shape shape)
    {
        var strings = new ReadOnlyMemory<byte>[ObjectCount.Of(context, dtype, shape)];
        context.SetOutput(port, new Tensor(shape, strings));
        return strings;
    }
}

/// <summary>Resources and variants.</summary>
internal sealed class HandleElements : Elements<object?>
{
    public static readonly HandleElements Instance = new();

    public override ReadOnlySpan<object?> Of(Tensor tensor) => tensor.Handles;

    public override Span<object?> Allocate(KernelContext context, int port, DType dtype, Shape shape)
    {
        var handles = new object?[ObjectCount.Of(context, dtype, shape)];
        context.SetOutput(port, new Tensor(dtype, shape, handles));
        return handles;
    }
}

/// <summary>The number of elements of tensors that are arrays of .NET objects.</summary>
internal static class ObjectCount
{
    /// <summary>2^27: strings of 16 bytes each then take 2 GB, empty as they are.</summary>
    private const long Limit = 1L << 27;

    public static int Of(KernelContext context, DType dtype, Shape shape) =>
        shape.TryElementCount(out long count) && count <= Limit ? (int)count
            : throw OpErrors.OutOfMemory.At(context.Node.At(), $"the output is a {dtype.Name()} tensor of shape {shape}, more than {Limit} elements");
}
