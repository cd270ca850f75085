using Decant.IR;

namespace Decant.Quantizing;

/// <summary>Makes the weights of a model of TensorFlow Lite's operators smaller.</summary>
internal static class WeightQuantizer
{
    public static void Run(Model model, QuantizationMode mode)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
        {
            if (mode == QuantizationMode.Float16)
                Float16Weights.Run(function);
            else if (mode == QuantizationMode.Dynamic)
                DynamicWeights.Run(function, _ => false);
        }
    }
}
