using System.Numerics;
using Decant.IR;

namespace Decant.Quantizing.Calibration;

/// <summary>Makes values of a set fit an input of the model: its type and its shape.</summary>
internal static class InputFit
{
    /// <summary>The shape that one example of an input has by itself, without the batch; all of a shape of rank 0.</summary>
    public static Shape OfOne(SignatureTensor input) => input.Shape.HasRank && input.Shape.Rank > 0 ? new Shape(input.Shape.Dims[1..]) : input.Shape;

    /// <summary>The number of examples in a batch: that of the input, or 1 where it is open.</summary>
    public static int Batch(SignatureTensor input) => input.Shape.Rank > 0 && input.Shape[0] > 0 ? checked((int)Math.Min(input.Shape[0], 1 << 20)) : 1;

    /// <summary>That a value does not fit an input.</summary>
    public static ModelException Fault(string source, SignatureTensor input, string found, string? hint = null) => QuantizeErrors.BadCalibrationSet.At(
        new Location(source), $"the input '{input.Name}' is {input.DType.Name()}{input.Shape}, and {found} was found for it", hint);

    /// <summary>The elements in the type of the input.</summary>
    public static Tensor Typed(Tensor value, SignatureTensor input, string source)
    {
        if (value.DType == input.DType)
            return value;
        return (input.DType, value.DType) switch
        {
            (DType.Float32, DType.Float64) => Convert<double, float>(value),
            (DType.Float32, DType.Float16) => Convert<Half, float>(value),
            (DType.Float32, DType.UInt8) => Convert<byte, float>(value),
            (DType.Float32, DType.Int8) => Convert<sbyte, float>(value),
            (DType.Float32, DType.Int16) => Convert<short, float>(value),
            (DType.Float32, DType.Int32) => Convert<int, float>(value),
            (DType.Float32, DType.Int64) => Convert<long, float>(value),
            (DType.Float64, DType.Float32) => Convert<float, double>(value),
            (DType.Int32, DType.Int64) => Checked<long, int>(value, input, source),
            (DType.Int32, DType.UInt8) => Convert<byte, int>(value),
            (DType.Int64, DType.Int32) => Convert<int, long>(value),
            (DType.UInt8, DType.Int64) => Checked<long, byte>(value, input, source),
            (DType.UInt8, DType.Int32) => Checked<int, byte>(value, input, source),
            _ => throw Fault(source, input, value.ToString()),
        };
    }

    private static Tensor Convert<TFrom, TTo>(Tensor value)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo> => Tensor.Wrap(Array.ConvertAll(value.Span<TFrom>().ToArray(), TTo.CreateSaturating), value.Shape);

    private static Tensor Checked<TFrom, TTo>(Tensor value, SignatureTensor input, string source)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        Tensor converted = Convert<TFrom, TTo>(value);
        foreach (TFrom x in value.Span<TFrom>())
        {
            if (TFrom.CreateSaturating(TTo.CreateSaturating(x)) != x)
                throw Fault(source, input, $"the number {x}");
        }

        return converted;
    }
}
