using System.Runtime.InteropServices;

namespace Decant.Ops.TFLite;

/// <summary>Constant weights of 8 bits, input 1, which are read for packing only.</summary>
internal sealed class PackedWeights
{
    private readonly Func<Tensor> _constant;

    /// <summary>Those of a node.</summary>
    /// <param name="request">The node.</param>
    /// <param name="activations">The number of the input that they meet.</param>
    public PackedWeights(KernelRequest request, int activations = 0)
    {
        _constant = request.ConstantSource(1)!;
        Tensor weights = _constant();
        Shape = weights.Shape;

        // Weights of floats that old models declare as uint8 are the bytes of signed ones.
        bool isHybrid = request.InputType(activations) == DType.Float32;
        IsSigned = isHybrid || weights.DType is not (DType.UInt8 or DType.UInt4);
        ZeroPoint = isHybrid && weights.DType == DType.UInt8 ? 0 : request.InputQuant(1).ZeroPoint;
        IsWide = request.InputType(activations) == DType.Int16;
    }

    public Shape Shape { get; }

    public bool IsSigned { get; }

    public int ZeroPoint { get; }

    /// <summary>Whether activations have 16 bits.</summary>
    public bool IsWide { get; }

    /// <summary>Whether a node's weights and biases are constants, of types and with zero points that the packed kernels take.</summary>
    public static bool Take(KernelRequest request, int activations = 0, int bias = 2)
    {
        if (request.ConstantSource(1) is not { } weights || (request.HasInput(bias) && request.ConstantSource(bias) is null) || request.InputSpec(1)?.Quantization?.Details is not null)
            return false;
        DType type = weights().DType;
        return type is DType.Int8 or DType.UInt8 or DType.Int4 or DType.UInt4 or DType.Int2
            && Fits(type, request.InputQuant(1).ZeroPoint) && (request.InputType(activations) is DType.Float32 or DType.Int16 || Fits(request.InputType(activations), request.InputQuant(activations).ZeroPoint));
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Read() => _constant() is var weights && weights.DType is DType.UInt8 or DType.UInt4 ? weights.Span<byte>() : MemoryMarshal.AsBytes(weights.Span<sbyte>());

    /// <summary>Whether a zero point is within the range of a type of up to 8 bits.</summary>
    public static bool Fits(DType type, int zeroPoint) => type is DType.UInt8 or DType.UInt4 ? zeroPoint is >= 0 and <= 255 : zeroPoint is >= -128 and <= 127;
}
