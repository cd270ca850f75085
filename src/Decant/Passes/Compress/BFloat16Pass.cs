using System.Runtime.CompilerServices;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>Stores weights as bfloat16, rounded to nearest, and casts them back: half the size, an error of 2⁻⁹ of each value, the range of float32.</summary>
internal sealed class BFloat16Pass(WeightSelection selection) : StorePass("weights_to_bfloat16", selection)
{
    protected override StoredWeights? Store(Node node, Weights weights, PassContext context)
    {
        if (float.IsInfinity((float)(BFloat16)weights.Magnitude))
        {
            context.Decline(node, "holds values that bfloat16 rounds to infinity");
            return null;
        }

        return new CastWeights(new ComputedTensor(DType.BFloat16, weights.Shape, () => FloatStream.Convert<BFloat16>(weights.Tensor, DType.BFloat16, [MethodImpl(MethodImplOptions.AggressiveOptimization)] static (from, to, _) =>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = (BFloat16)from[i];
        })));
    }
}
