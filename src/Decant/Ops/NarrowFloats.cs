using System.Numerics;

namespace Decant.Ops;

/// <summary>Kernels that compute float16 and bfloat16 in float32 and round once, as they store the result.</summary>
internal static class NarrowFloats
{
    /// <summary>The type in which elements of a type are computed.</summary>
    public static DType WorkType(this DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;

    /// <summary>An input, widened to float32 if it is float16 or bfloat16.</summary>
    public static Tensor WorkInput(this KernelContext context, int index)
    {
        Tensor input = context.Input(index);
        return input.DType.WorkType() == input.DType ? input : context.Float32(input);
    }

    /// <summary>An output of a type, or float32 memory in its place when the type is float16 or bfloat16; ends with <see cref="EndOutput"/>.</summary>
    public static Tensor BeginOutput(this KernelContext context, int port, DType dtype, Shape shape) =>
        dtype.WorkType() == dtype ? context.Allocate(port, dtype, shape) : context.Scratch(DType.Float32, shape);

    /// <summary>Rounds what <see cref="BeginOutput"/> gave into the output, if it is not the output itself.</summary>
    public static void EndOutput(this KernelContext context, int port, DType dtype, Tensor work)
    {
        if (dtype.WorkType() != dtype)
            context.Round(work.Span<float>(), context.Allocate(port, dtype, work.Shape));
    }

    /// <summary>A tensor of any real type as float32: itself, or a scratch copy.</summary>
    public static Tensor Float32(this KernelContext context, Tensor tensor)
    {
        if (tensor.DType == DType.Float32)
            return tensor;
        Tensor wide = context.Scratch(DType.Float32, tensor.Shape);
        Span<float> to = context.Writable<float>(wide);
        switch (tensor.DType)
        {
            case DType.Float16:
                Convert(tensor.Span<Half>(), to);
                break;
            case DType.BFloat16:
                ReadOnlySpan<BFloat16> from = tensor.Span<BFloat16>();
                for (int i = 0; i < to.Length; i++)
                    to[i] = (float)from[i];
                break;
            case DType.Float64:
                Convert(tensor.Span<double>(), to);
                break;
            case DType.Int32:
                Convert(tensor.Span<int>(), to);
                break;
            case DType.Int64:
                Convert(tensor.Span<long>(), to);
                break;
            case DType.UInt8:
                Convert(tensor.Span<byte>(), to);
                break;
            case DType.Int8:
                Convert(tensor.Span<sbyte>(), to);
                break;
            case DType.UInt16:
                Convert(tensor.Span<ushort>(), to);
                break;
            case DType.Int16:
                Convert(tensor.Span<short>(), to);
                break;
            case DType.UInt32:
                Convert(tensor.Span<uint>(), to);
                break;
            case DType.UInt64:
                Convert(tensor.Span<ulong>(), to);
                break;
            default:
                throw context.Fail($"an input is {tensor}, expected numbers");
        }

        return wide;
    }

    /// <summary>Stores float32 results as float16, bfloat16 or float64.</summary>
    public static void Round(this KernelContext context, ReadOnlySpan<float> from, Tensor to)
    {
        switch (to.DType)
        {
            case DType.Float16:
                Span<Half> halves = context.Writable<Half>(to);
                for (int i = 0; i < from.Length; i++)
                    halves[i] = (Half)from[i];
                break;
            case DType.BFloat16:
                Span<BFloat16> brains = context.Writable<BFloat16>(to);
                for (int i = 0; i < from.Length; i++)
                    brains[i] = (BFloat16)from[i];
                break;
            default:
                Span<double> doubles = context.Writable<double>(to);
                for (int i = 0; i < from.Length; i++)
                    doubles[i] = from[i];
                break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> from, Span<float> to)
        where T : INumberBase<T>
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = float.CreateTruncating(from[i]);
    }
}
