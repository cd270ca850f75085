using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Stores weights as uint8 with a scale and a zero point per output channel: w ≈ (q - zero)·scale, as Cast, Sub and Mul, which every
/// version of TensorFlow runs. About a quarter of the size; an error of half a step of the channel's own (max - min) / 255; 0 stays 0.
/// </summary>
internal sealed class Int8ChannelPass(WeightSelection selection) : StorePass("weights_to_int8_per_channel", selection)
{
    /// <summary>With fewer elements a channel's scale and zero point, 8 bytes, cost more than they gain.</summary>
    private const int FewestPerChannel = 8;

    protected override StoredWeights? Store(Node node, Weights weights, PassContext context)
    {
        if (weights.Shape.Rank == 0)
        {
            context.Decline(node, "is a scalar, which has no channels");
            return null;
        }

        (int first, int count) = ChannelAxes.Of(node, weights.Shape, context);
        var channels = ChannelRanges.Of(weights.Tensor, first, count);
        if (weights.Shape.ElementCount / channels.Scales.Length < FewestPerChannel)
        {
            context.Decline(node, $"has fewer than {FewestPerChannel} elements per channel along axis {first}");
            return null;
        }

        return new Quantized(new ComputedTensor(DType.UInt8, weights.Shape, () => channels.Quantize(weights.Tensor)), channels);
    }

    private sealed record Quantized(TensorAttr Integers, ChannelRanges Channels)
        : StoredWeights(Integers, "uint8", IsPerLastAxis: Channels.IncludesLastAxis, IsPerOtherAxis: Channels.IncludesOtherAxis)
    {
        private Node? _zeros, _scales;

        public override void AddConstants(Patch patch, string name)
        {
            _zeros = patch.AddConst($"{name}_zero_points", Decant.Tensor.Wrap(Channels.ZeroPoints, Channels.Shape));
            _scales = patch.AddConst($"{name}_scales", Decant.Tensor.Wrap(Channels.Scales, Channels.Shape));
        }

        public override void Restore(Patch patch, Node target, Value stored)
        {
            Node cast = patch.Add($"{target.Name}/cast", "Cast", [stored], CastOf(DType.UInt8, DType.Float32));
            Node centered = patch.Add($"{target.Name}/centered", "Sub", [cast, _zeros!], new AttributeMap { { "T", DType.Float32 } });
            Become(patch, target, "Mul", [centered, _scales!], new AttributeMap { { "T", DType.Float32 } });
        }
    }
}
