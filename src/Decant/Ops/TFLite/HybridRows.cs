using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Ops.TFLite;

/// <summary>Floats that are made 8-bit integers as an operator runs, because its weights are integers: a scale per row.</summary>
internal sealed class HybridRows
{
    private readonly Reused<short> _values = new();
    private readonly Reused<sbyte> _bytes = new();
    private readonly Reused<float> _scales = new();
    private readonly Reused<int> _zeroPoints = new();

    /// <summary>The integers, without their zero points.</summary>
    public short[] Values { get; private set; } = [];

    public float[] Scales { get; private set; } = [];

    public int[] ZeroPoints { get; private set; } = [];

    /// <summary>Quantizes rows of a size each.</summary>
    /// <param name="x">The floats.</param>
    /// <param name="size">How many floats a row has.</param>
    /// <param name="isAsymmetric">Whether a row has a zero point; else 0 stands for 0.</param>
    public static HybridRows Of(ReadOnlySpan<float> x, int size, bool isAsymmetric)
    {
        var quantized = new HybridRows();
        quantized.Fill(x, size, isAsymmetric);
        return quantized;
    }

    /// <summary>As <see cref="Of"/>, in the place of the rows before, in their memory where there are as many.</summary>
    public void Fill(ReadOnlySpan<float> x, int size, bool isAsymmetric)
    {
        int rows = size == 0 ? 0 : x.Length / size;
        (Values, Scales, ZeroPoints) = (_values.Of(rows * size), _scales.Zeros(rows), _zeroPoints.Zeros(rows));
        sbyte[] bytes = _bytes.Of(rows * size);
        RowQuantization.Run(x[..bytes.Length], bytes, Scales, ZeroPoints, isAsymmetric, WorkerPool.Inline);
        for (int i = 0; i < bytes.Length; i++)
            Values[i] = (short)(bytes[i] - ZeroPoints[i / size]);
    }
}
