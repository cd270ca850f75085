using System.Numerics;

namespace Decant.Ops.Arrays;

/// <summary>The coordinates of the elements that are true or not zero, in row-major order: int64 [n, rank].</summary>
internal sealed class Where() : Op("Where"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.Int64, new Shape(-1, context.Shape(0).Rank));

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        DType dtype = context.Input(0).DType;
        switch (dtype.Size())
        {
            case 1:
                Write(context, byte.MaxValue);
                break;
            case 2:
                Write(context, dtype.IsFloating() ? (ushort)0x7FFF : ushort.MaxValue);
                break;
            case 4:
                Write(context, dtype.IsFloating() ? ~SignBit32 : uint.MaxValue);
                break;
            case 8:
                Write(context, dtype.IsFloating() ? ~SignBit64 : dtype.IsComplex() ? ~(SignBit64 | SignBit32) : ulong.MaxValue);
                break;
            case 16:
                Write(context, ~new UInt128(SignBit64, SignBit64));
                break;
            default:
                throw context.Fail($"the condition is {context.Input(0)}, expected bools or numbers");
        }
    });

    private const uint SignBit32 = 1u << 31;
    private const ulong SignBit64 = 1ul << 63;

    /// <summary>Gives the elements that have a bit of the mask: all bits but the signs of floats, as -0 is zero.</summary>
    private static void Write<T>(KernelContext context, T mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<T> elements = input.Data.As<T>();
        int count = 0;
        for (int i = Next(elements, mask, 0); i < elements.Length; i = Next(elements, mask, i + 1))
            count++;
        Shape shape = input.Shape;
        Span<long> output = context.Output<long>(0, new Shape(count, shape.Rank));
        int[] strides = Axes.Strides(shape.Dims);
        int to = 0;
        for (int i = Next(elements, mask, 0); i < elements.Length; i = Next(elements, mask, i + 1))
        {
            int rest = i;
            foreach (int stride in strides)
                (output[to++], rest) = Math.DivRem(rest, stride);
        }
    }

    /// <summary>The first element from an index on that has a bit of the mask; the number of elements when none has.</summary>
    private static int Next<T>(ReadOnlySpan<T> elements, T mask, int from)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Vector<T>.IsSupported)
        {
            while (from <= elements.Length - Vector<T>.Count && (new Vector<T>(elements[from..]) & new Vector<T>(mask)) == Vector<T>.Zero)
                from += Vector<T>.Count;
        }

        while (from < elements.Length && (elements[from] & mask) == T.Zero)
            from++;
        return from;
    }
}
