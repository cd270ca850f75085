using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Stores weights as quint8 with one range per tensor, as the Graph Transform Tool's <c>quantize_weights</c> does, and restores them by
/// Dequantize (MIN_FIRST): a quarter of the size, an error of half a step of (max - min) / 255, 0 stays 0.
/// </summary>
internal sealed class Int8Pass(WeightSelection selection) : StorePass("weights_to_int8", selection)
{
    protected override StoredWeights Store(Node node, Weights weights, PassContext context)
    {
        (float min, float max) = QuantizeTensor.Range(weights.Min, weights.Max);
        return new Quantized(new ComputedTensor(DType.QUInt8, weights.Shape, () => QuantizeTensor.ToQuint8(weights.Tensor, min, max)), min, max);
    }

    private sealed record Quantized(TensorAttr Integers, float Min, float Max) : StoredWeights(Integers, "quantized_const")
    {
        private Node? _min, _max;

        public override void AddConstants(Patch patch, string name)
        {
            _min = patch.AddConst($"{name}_quantized_min", Decant.Tensor.Scalar(Min));
            _max = patch.AddConst($"{name}_quantized_max", Decant.Tensor.Scalar(Max));
        }

        public override void Restore(Patch patch, Node target, Value stored) =>
            Become(patch, target, "Dequantize", [stored, _min!, _max!], new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIN_FIRST" } });
    }
}
