using Decant.IR;

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
            Tensor narrow = Narrow(weights.Value);
            Node constant = WeightReaders.AddConst(function, $"{node.Name}/float16", narrow, null);
            WeightReaders.Dequantize(function, node, constant, readers);
        }
    }

    // What float16 cannot hold becomes the largest number that it can.
    private static Tensor Narrow(Tensor weights)
    {
        ReadOnlySpan<float> from = weights.Span<float>();
        var to = new Half[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = float.IsNaN(from[i]) ? Half.NaN : (Half)Math.Clamp(from[i], (float)Half.MinValue, (float)Half.MaxValue);
        return Tensor.Wrap(to, weights.Shape);
    }
}
