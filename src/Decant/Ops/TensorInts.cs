using Decant.IR;

namespace Decant.Ops;

/// <summary>Reads the small integer tensors that give shapes, axes, sizes and indices.</summary>
internal static class TensorInts
{
    /// <summary>All elements of an integer tensor of any width, widened.</summary>
    public static long[] Read(Tensor tensor, Node node)
    {
        long[] values = new long[tensor.ElementCount];
        Read(tensor, node, values);
        return values;
    }

    /// <summary>Widens all elements of an integer tensor of any width into memory for as many.</summary>
    public static void Read(Tensor tensor, Node node, Span<long> values)
    {
        switch (tensor.DType)
        {
            case DType.Int32 or DType.QInt32:
                Widen(tensor.Span<int>(), values);
                break;
            case DType.Int64:
                tensor.Span<long>().CopyTo(values);
                break;
            case DType.Int16:
                Widen(tensor.Span<short>(), values);
                break;
            case DType.Int8:
                Widen(tensor.Span<sbyte>(), values);
                break;
            case DType.UInt8:
                Widen(tensor.Span<byte>(), values);
                break;
            case DType.UInt16:
                Widen(tensor.Span<ushort>(), values);
                break;
            case DType.UInt32:
                Widen(tensor.Span<uint>(), values);
                break;
            default:
                throw OpErrors.BadInput.At(node.At(), $"an input that gives sizes or indices is {tensor}, expected int32 or int64");
        }
    }

    /// <summary>The elements of an integer input, widened in scratch memory where they are narrower than 64 bits.</summary>
    public static ReadOnlySpan<long> Wide(KernelContext context, int input)
    {
        Tensor values = context.Input(input);
        if (values.DType == DType.Int64)
            return values.Span<long>();
        Tensor wide = context.Scratch(DType.Int64, values.Shape);
        Read(values, context.Node, context.Writable<long>(wide));
        return wide.Span<long>();
    }

    /// <summary>The element of an integer tensor that has one.</summary>
    public static long Single(Tensor tensor, Node node) => tensor.DType switch
    {
        DType.Int32 or DType.QInt32 => tensor.Span<int>()[0],
        DType.Int64 => tensor.Span<long>()[0],
        _ => Read(tensor, node)[0],
    };

    private static void Widen<T>(ReadOnlySpan<T> from, Span<long> to)
        where T : struct, System.Numerics.IBinaryInteger<T>
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = long.CreateTruncating(from[i]);
    }
}
