using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Rounds weights to the middles of equal buckets (<c>round_weights</c> of the Graph Transform Tool, for chosen weights): the same size,
/// but a few values repeat, so that archives of it are small. The error is half a bucket.
/// </summary>
internal sealed class StepsPass(int steps, WeightSelection selection) : WeightPass("weights_to_steps", selection)
{
    protected override Patch Try(Node node, Weights weights, PassContext context) =>
        Change(node, weights, $"{steps} steps", tensor => RoundTensor.Round(tensor, steps));
}
