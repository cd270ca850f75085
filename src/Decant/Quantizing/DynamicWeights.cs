using Decant.IR;

namespace Decant.Quantizing;

/// <summary>
/// Stores the weights of products and convolutions as int8, symmetric and from -127 on, with a scale per channel where the operator
/// takes one. Operators that cannot run on integers and floats together read them through a DEQUANTIZE.
/// </summary>
internal static class DynamicWeights
{
    // Smaller weights would gain nothing.
    private const int LeastElements = 1024;

    private const float Largest = 127;

    // The scale of a channel of zeros, in the original converter: a range of 1e-6 in 254 steps.
    private const float ZeroScale = 1e-6f / 254;

    // Not a dimension: one scale for all.
    private const int PerTensor = -1;

    public static void Run(Function function)
    {
        foreach (Node node in function.Nodes.Where(n => n.Op == "Const").ToList())
        {
            if (node.Attributes["value"] is not TensorAttr { DType: DType.Float32 } weights || weights.Shape.ElementCount < LeastElements)
                continue;
            List<(Node Reader, int Input)> readers = WeightReaders.Of(function, node);
            if (readers.Count == 0 || !readers.TrueForAll(r => Axis(r.Reader, r.Input) is not null))
                continue;
            List<(Node Reader, int Input)> hybrid = readers.FindAll(r => IsHybrid(r.Reader));
            int axis = hybrid.Count > 0 ? Axis(hybrid[0].Reader, hybrid[0].Input)!.Value : PerTensor;
            if (hybrid.Exists(r => Axis(r.Reader, r.Input) != axis) || !IsFinite(weights.Value.Span<float>()))
                continue;
            (Tensor quantized, Quantization quantization) = Quantize(weights.Value, axis);
            Node constant = WeightReaders.AddConst(function, $"{node.Name}/int8", quantized, quantization);
            foreach ((Node reader, int input) in hybrid)
            {
                reader.Inputs[input] = constant;
                if (reader.Op.Name is "FULLY_CONNECTED" or "BATCH_MATMUL")
                    reader.Attributes.Set("asymmetric_quantize_inputs", true);
            }

            if (hybrid.Count < readers.Count)
                WeightReaders.Dequantize(function, node, constant, readers.Except(hybrid));
        }
    }

    /// <summary>The dimension of the weights that has a scale for each element; null when the input is no weights.</summary>
    private static int? Axis(Node reader, int input) => (reader.Op.Name, input) switch
    {
        ("CONV_2D" or "FULLY_CONNECTED", 1) => 0,
        ("DEPTHWISE_CONV_2D", 1) => 3,
        ("BATCH_MATMUL", 1) or ("TRANSPOSE_CONV", 1) or ("GATHER", 0) => PerTensor,
        _ => null,
    };

    private static bool IsHybrid(Node reader) => reader.Op.Name is "CONV_2D" or "FULLY_CONNECTED" or "DEPTHWISE_CONV_2D" or "BATCH_MATMUL";

    private static bool IsFinite(ReadOnlySpan<float> weights)
    {
        foreach (float w in weights)
        {
            if (!float.IsFinite(w))
                return false;
        }

        return true;
    }

    private static (Tensor, Quantization) Quantize(Tensor weights, int axis)
    {
        ReadOnlySpan<float> from = weights.Span<float>();
        int channels = axis == PerTensor ? 1 : (int)weights.Shape[axis];
        int inner = 1;
        for (int d = axis + 1; axis != PerTensor && d < weights.Shape.Rank; d++)
            inner *= (int)weights.Shape[d];
        float[] largest = new float[channels];
        for (int i = 0; i < from.Length; i++)
            largest[i / inner % channels] = Math.Max(largest[i / inner % channels], Math.Abs(from[i]));
        float[] scales = Array.ConvertAll(largest, m => m == 0 ? ZeroScale : m / Largest);
        sbyte[] to = new sbyte[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = (sbyte)Math.Clamp(MathF.Round(from[i] / scales[i / inner % channels], MidpointRounding.AwayFromZero), -Largest, Largest);
        return (Tensor.Wrap(to, weights.Shape), new Quantization(scales, new long[channels], Math.Max(0, axis)));
    }
}
