using System.Numerics;
using Decant.IR;

namespace Decant.Ops.Quantized;

/// <summary>The inputs and outputs of quantized ops: integers of any quantized type as int32, and the ranges beside them.</summary>
internal static class QuantizedTensors
{
    /// <summary>The integers that an input's elements may be.</summary>
    /// <exception cref="ModelException">It is not of a quantized type.</exception>
    public static QuantizedType Type(this KernelContext context, int index) =>
        QuantizedType.Of(context.Input(index).DType) ?? throw context.Fail($"input {index} is {context.Input(index)}, expected a quantized type: qint8, quint8, qint16, quint16 or qint32");

    /// <summary>The elements of a quantized input as int32, less an offset.</summary>
    public static ReadOnlySpan<int> Integers(this KernelContext context, int index, int offset = 0)
    {
        Tensor input = context.Input(index);
        context.Type(index);
        if (input.DType == DType.QInt32 && offset == 0)
            return input.Span<int>();
        Span<int> wide = context.Writable<int>(context.Scratch(DType.Int32, input.Shape));
        switch (input.DType)
        {
            case DType.QInt8:
                Widen(input.Span<sbyte>(), wide, offset);
                break;
            case DType.QUInt8:
                Widen(input.Span<byte>(), wide, offset);
                break;
            case DType.QInt16:
                Widen(input.Span<short>(), wide, offset);
                break;
            case DType.QUInt16:
                Widen(input.Span<ushort>(), wide, offset);
                break;
            default:
                Widen(input.Span<int>(), wide, offset);
                break;
        }

        return wide;
    }

    /// <summary>Memory for the integers of an output, to be given to <see cref="Store"/>.</summary>
    public static Span<int> Integers(this KernelContext context, Shape shape) => context.Writable<int>(context.Scratch(DType.Int32, shape));

    /// <summary>Stores integers, all within the type, as an output.</summary>
    public static void Store(this KernelContext context, int port, DType dtype, Shape shape, ReadOnlySpan<int> integers)
    {
        Tensor output = context.Allocate(port, dtype, shape);
        switch (dtype)
        {
            case DType.QInt8:
                Narrow(integers, context.Writable<sbyte>(output));
                break;
            case DType.QUInt8:
                Narrow(integers, context.Writable<byte>(output));
                break;
            case DType.QInt16:
                Narrow(integers, context.Writable<short>(output));
                break;
            case DType.QUInt16:
                Narrow(integers, context.Writable<ushort>(output));
                break;
            default:
                integers.CopyTo(context.Writable<int>(output));
                break;
        }
    }

    /// <summary>The range that two float32 inputs of one element each give.</summary>
    public static QuantizedRange Range(this KernelContext context, int min) => new(context.Number(min), context.Number(min + 1));

    /// <summary>The same, and the second is larger.</summary>
    public static QuantizedRange ProperRange(this KernelContext context, int min)
    {
        QuantizedRange range = context.Range(min);
        return range.Max > range.Min ? range : throw context.Fail($"has the range {range.Min} to {range.Max} in inputs {min} and {min + 1}, expected the second to be larger");
    }

    /// <summary>The single element of a float32 input.</summary>
    public static float Number(this KernelContext context, int index) =>
        context.Input(index) is { DType: DType.Float32, ElementCount: 1 } number ? number.Span<float>()[0]
            : throw context.Fail($"input {index} is {context.Input(index)}, expected one float32");

    /// <summary>Gives a range as two scalar outputs.</summary>
    public static void Give(this KernelContext context, QuantizedRange range, int port = 1)
    {
        context.Output<float>(port, Shape.Scalar)[0] = range.Min;
        context.Output<float>(port + 1, Shape.Scalar)[0] = range.Max;
    }

    /// <summary>The type that an attribute of a node gives its output.</summary>
    /// <exception cref="ModelException">It is not one of those.</exception>
    public static DType OutputType(this KernelRequest request, string attribute, params ReadOnlySpan<DType> kernels)
    {
        DType dtype = request.Attributes.Type(attribute);
        return kernels.Contains(dtype) ? dtype : throw request.NoKernel($"with {attribute} {dtype.Name()}");
    }

    /// <summary>Refuses a node whose input is known to be of another type.</summary>
    public static void RequireType(this KernelRequest request, int input, params ReadOnlySpan<DType> kernels)
    {
        DType dtype = input < request.InputCount ? request.InputType(input) : DType.Invalid;
        if (dtype != DType.Invalid && !kernels.Contains(dtype))
            throw request.NoKernel($"for input {input} of type {dtype.Name()}");
    }

    private static void Widen<T>(ReadOnlySpan<T> from, Span<int> to, int offset)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = int.CreateTruncating(from[i]) - offset;
    }

    private static void Narrow<T>(ReadOnlySpan<int> from, Span<T> to)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = T.CreateTruncating(from[i]);
    }
}
