using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>Weights of a narrower float type, which a Cast restores.</summary>
internal sealed record CastWeights(TensorAttr Narrow) : StoredWeights(Narrow, Narrow.DType.Name())
{
    public override void Restore(Patch patch, Node target, Value stored) =>
        Become(patch, target, "Cast", [stored], CastOf(Tensor.DType, DType.Float32));
}
