using System.Numerics.Tensors;
using Decant.IR;
using Decant.Kernels.Elementwise;
using Decant.Runtime;

namespace Decant.Quantizing;

/// <summary>Stores float32 constants as float16, rounded to nearest, with a DEQUANTIZE that their readers share.</summary>
internal static class Float16Weights
{
    public static void Run(Function function)
    {
        foreach (Node node in function.Nodes.Where(n => n.Op == "Const").ToList())
        {
            if (node.Attributes["value"] is not TensorAttr { DType: DType.Float32 } weights)
                continue;
            List<(Node Reader, int Input)> readers = WeightReaders.Of(function, node);
            if (readers.Count == 0)
                continue;
            var narrow = new ComputedTensor(DType.Float16, weights.Shape, () => ConvertedBuffer<float, Half>.Of(weights.Value, Narrow));
            Node constant = WeightReaders.AddConst(function, $"{node.Name}/float16", narrow, null);
            WeightReaders.Dequantize(function, node, constant, readers);
        }
    }

    // What float16 cannot hold becomes the largest number that it can.
    private static void Narrow(ReadOnlySpan<float> from, Span<Half> to, long at)
    {
        const int Block = 1024;
        Span<float> clamped = stackalloc float[Block];
        for (int i = 0; i < from.Length; i += Block)
        {
            ReadOnlySpan<float> block = from.Slice(i, Math.Min(Block, from.Length - i));
            TensorPrimitives.Clamp(block, (float)Half.MinValue, (float)Half.MaxValue, clamped);
            FloatConversions.Narrow(clamped[..block.Length], to.Slice(i, block.Length));
        }
    }
}
