using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Const = Dequantize(8-bit Const, min, max): weights take a quarter of the room. The range is that of the values and holds zero, which
/// stays exact.
/// </summary>
internal sealed class QuantizeWeights(int minimumSize) : Pass("quantize_weights")
{
    public static PassEntry Entry { get; } = new("quantize_weights", "Stores large float constants as 8-bit integers, with a Dequantize behind each", p => new QuantizeWeights(p.Int32("minimum_size", 1024)))
    {
        Parameters = [new("minimum_size", "constants with fewer elements stay", "1024")],
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.Where(n => FloatConstants.HasAtLeast(n, minimumSize)).ToList())
        {
            if (Quantize(node, context) is { } patch)
                yield return patch;
        }
    }

    private Patch? Quantize(Node node, PassContext context)
    {
        Tensor value = new Value(node).Constant!;
        if (!FloatConstants.TryRange(value, out float min, out float max))
            return context.Decline(node, "holds values that are no finite numbers");
        (min, max) = (Math.Min(min, 0f), Math.Max(0f, max));
        if (min == max)
            max = MathF.Abs(min) < 0.000001f ? min + 1f : min > 0f ? 2f * min : min / 2f;
        if (!float.IsFinite(max - min))
            return context.Decline(node, "holds values whose range is no float32");
        var patch = new Patch($"{Name}: {node.Name}");
        Node[] parts =
        [
            patch.AddConst($"{node.Name}_quantized_const", Quantized(value, min, max)),
            patch.AddConst($"{node.Name}_quantized_min", Tensor.Scalar(min)),
            patch.AddConst($"{node.Name}_quantized_max", Tensor.Scalar(max)),
        ];
        foreach (Node part in parts)
        {
            part.Device = node.Device;
            part.ControlInputs.AddRange(node.ControlInputs);
        }

        Node dequantize = patch.Add(node.Name, "Dequantize", [parts[0], parts[1], parts[2]], new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIN_FIRST" } });
        dequantize.Device = node.Device;
        return patch.Replace(node, dequantize).Remove(node);
    }

    /// <summary>TensorFlow's FloatToQuantized for quint8: 256 steps, the quantized zero rounded by itself.</summary>
    private static Tensor Quantized(Tensor value, float min, float max)
    {
        const double Steps = 256;
        const double RangeAdjust = Steps / (Steps - 1);
        double scale = Steps / ((max - min) * RangeAdjust);
        double lowest = Math.Round(min * scale, MidpointRounding.AwayFromZero);
        ReadOnlySpan<float> from = value.Span<float>();
        byte[] to = new byte[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = (byte)Math.Clamp(Math.Round(from[i] * scale, MidpointRounding.AwayFromZero) - lowest, 0, 255);
        return Tensor.Wrap(to, value.Shape).Reinterpreted(DType.QUInt8);
    }
}
