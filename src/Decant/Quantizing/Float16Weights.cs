using System.Numerics.Tensors;
using Decant.IR;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;
using Decant.Runtime;

namespace Decant.Quantizing;

/// <summary>
/// Stores float32 constants as float16, rounded to nearest, with a DEQUANTIZE that their readers share. Those that float16 has no numbers
/// for stay as they are: an epsilon of 1e-10 that became 0 would turn a logarithm into an infinity.
/// </summary>
internal static class Float16Weights
{
    // Of fewer, the operator and the tensor of its result take more bytes than are saved.
    private const int LeastElements = 64;

    // From here on numbers are rounded to 11 bits; below, to multiples of 2^-24.
    private const float SmallestNormal = 1f / (1 << 14);

    private const float MostHalf = 65504;

    private const int HeadElements = 4096;

    public static void Run(Function function)
    {
        foreach (Node node in function.Nodes.Where(n => n.Op == "Const").ToList())
        {
            if (node.Attributes["value"] is not TensorAttr { DType: DType.Float32 } weights || weights.Shape.ElementCount < LeastElements)
                continue;
            List<(Node Reader, int Input)> readers = WeightReaders.Of(function, node);
            if (readers.Count == 0 || !Fits(weights))
                continue;
            var narrow = new ComputedTensor(DType.Float16, weights.Shape, () => ConvertedBuffer<float, Half>.Of(weights.Value, 1, (from, to, _) => FloatConversions.Narrow(from, to, WorkerPool.Inline)));
            Node constant = WeightReaders.AddConst(function, $"{node.Name}/float16", narrow, null);
            WeightReaders.Dequantize(function, node, constant, readers);
        }
    }

    /// <summary>Whether no element is beyond float16's largest number, and the error of none is more than 2^-11 of the largest element.</summary>
    private static bool Fits(TensorAttr weights)
    {
        Tensor source = TransposedBuffer.Unmoved(weights.Value, 0).Source;
        if (weights is ComputedTensor { Bound: <= MostHalf } && FloatStream.Extremes(Head(source)) is var (low, high) && Math.Max(high, -low) >= SmallestNormal)
            return true;
        float largest = FloatStream.VisitParts(
            source, () => new float[1], static (part, piece, _) => part[0] = MathF.Max(part[0], MathF.Abs(TensorPrimitives.MaxMagnitude(piece)))).Select(p => p[0]).Aggregate(MathF.Max);
        return largest == 0 || (largest >= SmallestNormal && largest <= MostHalf);
    }

    /// <summary>The first elements, among which is a normal number but for rare weights.</summary>
    private static Tensor Head(Tensor weights)
    {
        long count = Math.Min(weights.ElementCount, HeadElements);
        return new Tensor(DType.Float32, new Shape(count), weights.Data.Slice(0, count * sizeof(float)));
    }
}
