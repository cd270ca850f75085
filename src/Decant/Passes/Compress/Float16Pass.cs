using Decant.IR;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>Stores weights as float16, rounded to nearest, and casts them back: half the size, an error of 2⁻¹¹ of each value (of 6·10⁻⁸ near 0).</summary>
internal sealed class Float16Pass(WeightSelection selection) : StorePass("weights_to_float16", selection)
{
    protected override StoredWeights? Store(Node node, Weights weights, PassContext context)
    {
        float largest = weights.Magnitude;
        if (Half.IsInfinity((Half)largest))
        {
            context.Decline(node, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"holds {largest:G6}, and float16 reaches to 65504"));
            return null;
        }

        return new CastWeights(new ComputedTensor(DType.Float16, weights.Shape, () => FloatStream.Convert<Half>(weights.Tensor, DType.Float16, static (from, to, _) => FloatConversions.Narrow(from, to, WorkerPool.Inline))));
    }
}
