namespace Decant.Ops.TFLite;

/// <summary>Integer tensors as 16-bit integers without their zero point, for the product kernels.</summary>
internal static class Shorts
{
    public static short[] Of(Tensor tensor, int zeroPoint) => Into(tensor, zeroPoint, new short[tensor.ElementCount]);

    /// <summary>The same in an array of as many elements.</summary>
    public static short[] Into(Tensor tensor, int zeroPoint, short[] shorts)
    {
        switch (tensor.DType)
        {
            case DType.Int8 or DType.Int4 or DType.Int2:
                ReadOnlySpan<sbyte> signed = tensor.Span<sbyte>();
                for (int i = 0; i < shorts.Length; i++)
                    shorts[i] = (short)(signed[i] - zeroPoint);
                break;
            case DType.UInt8 or DType.UInt4:
                ReadOnlySpan<byte> unsigned = tensor.Span<byte>();
                for (int i = 0; i < shorts.Length; i++)
                    shorts[i] = (short)(unsigned[i] - zeroPoint);
                break;
            default:
                tensor.Span<short>().CopyTo(shorts);
                break;
        }

        return shorts;
    }
}

/// <summary>Integer weights, of which the form for the kernels is made once when they are constant.</summary>
/// <param name="request">The node.</param>
/// <param name="input">The number of the weights.</param>
/// <param name="isHybrid">Whether activations are floats: then weights that old models declare as uint8 are the bytes of signed ones.</param>
/// <param name="isSymmetric">Whether a zero point that the model declares is passed over.</param>
internal sealed class IntegerWeights(KernelRequest request, int input, bool isHybrid = false, bool isSymmetric = false)
{
    private readonly Func<Tensor>? _constant = request.ConstantSource(input);
    private readonly int _zeroPoint = isSymmetric ? 0 : request.InputQuant(input).ZeroPoint;
    private readonly Reused<short> _converted = new();
    private short[]? _shorts;

    /// <summary>The weights in their order.</summary>
    public short[] Read(KernelContext context) => _constant is null ? Convert(context.Input(input)) : _shorts ??= Convert(_constant());

    private short[] Convert(Tensor weights)
    {
        short[] shorts = _converted.Of((int)weights.ElementCount);
        return isHybrid && weights.DType == DType.UInt8 ? Recurrent.RecurrentWeights.Signed(weights, shorts) : Shorts.Into(weights, _zeroPoint, shorts);
    }
}
