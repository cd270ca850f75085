using Decant.IR;

namespace Decant.Lowering;

/// <summary>Declares the tensors of a converted model: names, types and shapes, with 1 in the place of what is not fixed.</summary>
internal static class TensorSpecs
{
    /// <summary>Declares all of them. Those of outputs get the names that they have in the originals, where they have none of another's.</summary>
    public static void Set(Model model, IReadOnlyList<ConvertedSignature> sources)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
            TensorSpec.Declare(function);

        for (int i = 0; i < model.Signatures.Count; i++)
        {
            model.Signatures[i] = Described(model, model.Signatures[i]);
            Rename(model.Signatures[i], model.Signatures[i].Function is { } function ? model.Functions[function] : model.Graph, sources[i]);
        }
    }

    private static void Rename(Signature signature, Graph graph, ConvertedSignature source)
    {
        HashSet<string> taken = [.. graph.Nodes.SelectMany(n => n.Tensors).Select(t => t.Name)];
        var named = new HashSet<Value>();
        for (int i = 0; i < signature.Outputs.Count; i++)
        {
            Value value = graph.Tensor(signature.Outputs[i].Tensor);
            string name = source.Outputs[i].Tensor;
            if (value.Node.Op.Dialect != Dialect.TFLite || taken.Contains(name) || !named.Add(value))
                continue;
            taken.Add(name);
            value.Node.Tensors = [.. value.Node.Tensors.Select((t, port) => port == value.Port ? t with { Name = name } : t)];
        }
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
