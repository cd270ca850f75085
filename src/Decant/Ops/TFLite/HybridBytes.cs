using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Floats made 8-bit integers, a scale and a zero point per row, in scratch memory of the run.</summary>
internal readonly ref struct HybridBytes
{
    public ReadOnlySpan<sbyte> Values { get; private init; }

    public ReadOnlySpan<float> Scales { get; private init; }

    public ReadOnlySpan<int> ZeroPoints { get; private init; }

    /// <summary>Quantizes the rows that a tensor is cut into.</summary>
    public static HybridBytes Of(KernelContext context, Tensor input, int rows, bool isAsymmetric)
    {
        Span<sbyte> values = context.Writable<sbyte>(context.Scratch(DType.Int8, input.Shape));
        Shape each = context.Derived(new RowCount(rows), static (count, _) => new DerivedShape(new Shape(count.Rows))).Shape;
        Span<float> scales = context.Writable<float>(context.Scratch(DType.Float32, each));
        Span<int> zeros = context.Writable<int>(context.Scratch(DType.Int32, each));
        RowQuantization.Run(input.Span<float>(), values, scales, zeros, isAsymmetric, context.Pool);
        return new HybridBytes { Values = values, Scales = scales, ZeroPoints = zeros };
    }

    private readonly record struct RowCount(int Rows);
}
