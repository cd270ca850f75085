using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>What of a recurrent layer follows from its inputs alone, and what the steps need.</summary>
/// <param name="Values">The inputs, multiplied by the kernel: [steps, batch, ...].</param>
/// <param name="Kernel">From the state.</param>
/// <param name="Bias">Of the product with the state, or absent.</param>
/// <param name="State">The dimensions of the state behind the batch.</param>
internal sealed record ProjectedSteps(Value Values, Value Kernel, Value Bias, int[] State)
{
    /// <summary><c>x W + b</c> of all steps.</summary>
    public static ProjectedSteps Of(LayerCall call, RecurrentWeights weights)
    {
        if (call.Rank != 3)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"its input has {call.Rank} dimensions, expected 3: batch, steps, features");
        Value projected = call.Op("BatchMatMulV2", call.Transpose(call.Input, 1, 0, 2), weights.Kernel);
        if (weights.Bias.IsPresent)
            projected = call.Op("BiasAdd", projected, weights.Bias);
        return new ProjectedSteps(projected, weights.RecurrentKernel, weights.RecurrentBias, [weights.Units]);
    }
}
