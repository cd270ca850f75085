using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Ops.TFLite;

/// <summary>Floats that are made 8-bit integers as an operator runs, because its weights are integers: a scale per row.</summary>
internal sealed class HybridRows
{
    private HybridRows(int rows, int size) => (Values, Scales, ZeroPoints) = (new short[rows * size], new float[rows], new int[rows]);

    /// <summary>The integers, without their zero points.</summary>
    public short[] Values { get; }

    public float[] Scales { get; }

    public int[] ZeroPoints { get; }

    /// <summary>Quantizes rows of a size each.</summary>
    /// <param name="x">The floats.</param>
    /// <param name="size">How many floats a row has.</param>
    /// <param name="isAsymmetric">Whether a row has a zero point; else 0 stands for 0.</param>
    public static HybridRows Of(ReadOnlySpan<float> x, int size, bool isAsymmetric)
    {
        int rows = size == 0 ? 0 : x.Length / size;
        var quantized = new HybridRows(rows, size);
        sbyte[] bytes = new sbyte[rows * size];
        RowQuantization.Run(x[..bytes.Length], bytes, quantized.Scales, quantized.ZeroPoints, isAsymmetric, WorkerPool.Inline);
        for (int i = 0; i < bytes.Length; i++)
            quantized.Values[i] = (short)(bytes[i] - quantized.ZeroPoints[i / size]);
        return quantized;
    }
}
