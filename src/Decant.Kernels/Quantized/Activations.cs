namespace Decant.Kernels.Quantized;

/// <summary>The element type of integer activations.</summary>
public enum IntegerKind
{
    UInt8,
    Int8,
    Int16,
}

/// <summary>Integer activations where they lie in memory, and what stands for 0 in each batch.</summary>
/// <param name="Kind">The type of the elements.</param>
/// <param name="ZeroPoint">What stands for 0; padding is made of it.</param>
public readonly record struct ActivationForm(IntegerKind Kind, int ZeroPoint)
{
    /// <summary>The largest magnitude of an element without the zero point.</summary>
    internal int MostMagnitude => Kind == IntegerKind.Int16 ? 1 << 15 : byte.MaxValue;

    internal int Size => Kind == IntegerKind.Int16 ? 2 : 1;

    /// <summary>What is added, without carry out of the byte, so that the elements have the signedness that a kernel for bytes wants.</summary>
    internal byte Flip(DotForm form) => (byte)((Kind == IntegerKind.Int8) == (form == DotForm.Unsigned) ? 0x80 : 0);

    /// <summary>The zero point of the elements as a kernel gets them.</summary>
    internal int StoredZeroPoint(DotForm form) => form switch
    {
        DotForm.Pairs => 0,
        DotForm.Unsigned when Kind == IntegerKind.Int8 => ZeroPoint + 128,
        DotForm.Signed when Kind == IntegerKind.UInt8 => ZeroPoint - 128,
        _ => ZeroPoint,
    };
}
