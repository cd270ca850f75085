using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>A weight to write: its entry of the manifest, how many bytes it takes, and what makes them.</summary>
internal sealed record WrittenWeight(WeightEntry Entry, long Length, Action<Action<ReadOnlySpan<byte>>> Write);

/// <summary>Makes weights of constants, in the types that TensorFlow.js has.</summary>
internal static class WeightEncoding
{
    /// <summary>A weight of a constant.</summary>
    /// <param name="node">The constant.</param>
    /// <param name="name">The weight's name.</param>
    /// <param name="quantize">The type to store float32 in, or Invalid.</param>
    /// <exception cref="ModelException">TensorFlow.js has no type for it.</exception>
    public static WrittenWeight Of(Node node, string name, DType quantize) =>
        Of(node.Attributes["value"] as TensorAttr ?? throw GraphErrors.BadAttribute.At(node.At("value"), "the constant has no value"), name, quantize);

    /// <summary>A weight of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The weight's name.</param>
    /// <param name="quantize">The type to store float32 in, or Invalid.</param>
    /// <exception cref="ModelException">TensorFlow.js has no type for it.</exception>
    public static WrittenWeight Of(TensorAttr value, string name, DType quantize)
    {
        if (value is StoredWeight stored && quantize == DType.Invalid && WeightEntry.NameOf(stored.Entry.DType) is not null)
            return new WrittenWeight(stored.Entry with { Name = name }, stored.Pieces.Sum(p => p.Length), write => stored.Pieces.ToList().ForEach(p => p.Visit(write)));
        DType dtype = TypeFor(value.DType);
        if (dtype == DType.Invalid)
            throw FormatErrors.BadWeights.At(new Location(Node: name), $"Error dumping weight {name}, dtype {value.DType.Name()} not supported.");
        var entry = new WeightEntry(name, value.Shape, dtype);
        if (dtype == DType.String)
            return new WrittenWeight(entry, value.Value.Strings.ToArray().Sum(s => (long)sizeof(uint) + s.Length), write => Strings(value.Value, write));
        if (dtype == DType.Float32 && quantize != DType.Invalid)
            return Quantized(entry, value, quantize);
        return new WrittenWeight(entry, Tensor.ByteCount(dtype, value.Shape), write => Plain(value.Value, dtype, write));
    }

    /// <summary>The type in the place of another; Invalid when there is none.</summary>
    public static DType TypeFor(DType dtype) => dtype switch
    {
        DType.Float32 or DType.Float16 or DType.Float64 or DType.BFloat16 => DType.Float32,
        DType.Int32 or DType.Int64 or DType.Int16 or DType.Int8 or DType.UInt8 or DType.UInt16 or DType.UInt32 => DType.Int32,
        DType.Complex64 or DType.Complex128 => DType.Complex64,
        DType.Bool or DType.String => dtype,
        _ => DType.Invalid,
    };

    private static void Plain(Tensor tensor, DType dtype, Action<ReadOnlySpan<byte>> write)
    {
        if (tensor.DType == dtype)
        {
            tensor.Data.Visit(write);
            return;
        }

        if (tensor.DType == DType.Complex128)
        {
            write(MemoryMarshal.AsBytes<Complex64>(Array.ConvertAll(tensor.Span<Complex>().ToArray(), c => (Complex64)c)));
            return;
        }

        write(dtype == DType.Float32 ? MemoryMarshal.AsBytes<float>(Floats(tensor)) : MemoryMarshal.AsBytes<int>(Ints(tensor)));
    }

    private static float[] Floats(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => tensor.Span<float>().ToArray(),
        DType.Float16 => To<Half, float>(tensor),
        DType.BFloat16 => Array.ConvertAll(tensor.Span<BFloat16>().ToArray(), v => (float)v),
        _ => To<double, float>(tensor),
    };

    private static int[] Ints(Tensor tensor) => tensor.DType switch
    {
        DType.Int64 => To<long, int>(tensor),
        DType.Int16 => To<short, int>(tensor),
        DType.Int8 => To<sbyte, int>(tensor),
        DType.UInt8 => To<byte, int>(tensor),
        DType.UInt16 => To<ushort, int>(tensor),
        _ => To<uint, int>(tensor),
    };

    private static TTo[] To<TFrom, TTo>(Tensor tensor)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        TTo[] converted = new TTo[tensor.ElementCount];
        TensorPrimitives.ConvertTruncating(tensor.Span<TFrom>(), converted);
        return converted;
    }

    private static void Strings(Tensor tensor, Action<ReadOnlySpan<byte>> write)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (ReadOnlyMemory<byte> text in tensor.Strings)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
            write(length);
            write(text.Span);
        }
    }

    private static WrittenWeight Quantized(WeightEntry entry, TensorAttr value, DType dtype)
    {
        long length = Tensor.ByteCount(dtype, entry.Shape);
        if (dtype == DType.Float16)
        {
            return new WrittenWeight(entry with { Quantization = new WeightQuantization(dtype, 0, 1) }, length, write =>
            {
                Half[] halves = new Half[value.Shape.ElementCount];
                TensorPrimitives.ConvertToHalf(Floats(value.Value), halves);
                write(MemoryMarshal.AsBytes<Half>(halves));
            });
        }

        WeightQuantization range = Range(Floats(value.Value), dtype);
        double top = dtype == DType.UInt8 ? byte.MaxValue : ushort.MaxValue;
        return new WrittenWeight(entry with { Quantization = range }, length, write =>
        {
            double[] levels = Array.ConvertAll(Floats(value.Value), x => Math.Clamp(Math.Round((x - range.Min) / range.Scale), 0, top));
            write(dtype == DType.UInt8 ? Array.ConvertAll(levels, v => (byte)v) : MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(levels, v => (ushort)v)));
        });
    }

    // The range is moved so that 0 is a level: zeros of padding and sparse weights must stay zeros.
    private static WeightQuantization Range(float[] values, DType dtype)
    {
        double min = values.Length == 0 ? 0 : TensorPrimitives.Min<float>(values), max = values.Length == 0 ? 0 : TensorPrimitives.Max<float>(values);
        if (!double.IsFinite(min) || !double.IsFinite(max))
            throw FormatErrors.BadWeights.At(null, "a weight that is not finite cannot be quantized to integers", "leave it out by patterns");
        if (min == max)
            return new WeightQuantization(dtype, min, 1);
        double scale = (max - min) / (dtype == DType.UInt8 ? byte.MaxValue : ushort.MaxValue);
        return new WeightQuantization(dtype, min <= 0 && max >= 0 ? -Math.Round(-min / scale) * scale : min, scale);
    }
}
