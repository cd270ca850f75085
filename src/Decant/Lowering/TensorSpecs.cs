using Decant.IR;

namespace Decant.Lowering;

/// <summary>Declares the tensors of a converted model: names, types and shapes, with 1 in the place of what is not fixed.</summary>
internal static class TensorSpecs
{
    public static void Set(Model model)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
            TensorSpec.Declare(function);

        for (int i = 0; i < model.Signatures.Count; i++)
            model.Signatures[i] = Described(model, model.Signatures[i]);
    }

    private static Signature Described(Model model, Signature signature)
    {
        Graph graph = signature.Function is { } function ? model.Functions[function] : model.Graph;
        SignatureTensor Of(SignatureTensor tensor)
        {
            Value value = graph.Tensor(tensor.Tensor);
            Fact fact = value.Node.Fact(value.Port);
            return tensor with { DType = fact.DType, Shape = fact.Shape };
        }

        return signature with { Inputs = [.. signature.Inputs.Select(Of)], Outputs = [.. signature.Outputs.Select(Of)] };
    }
}
