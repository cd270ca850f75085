using Decant.IR;
using Decant.Ops;
using Decant.TestKit;

namespace Decant.Tests.Ops;

/// <summary>Runs one op on values, and checks that inference does not contradict the results.</summary>
internal static class OneNode
{
    /// <summary>The outputs of a node with these attributes and inputs.</summary>
    public static Tensor[] Run(string op, AttributeMap attributes, Tensor[] inputs, int outputs = 1, SessionOptions? options = null)
    {
        using var model = new Model();
        Node node = Build(model, op, attributes, inputs);
        using var session = new Session(model, options ?? new SessionOptions());
        var feeds = new Dictionary<string, Tensor>();
        for (int i = 0; i < inputs.Length; i++)
            feeds[$"x{i}"] = inputs[i];
        string[] fetches = [.. Enumerable.Range(0, outputs).Select(i => $"op:{i}")];
        IReadOnlyDictionary<string, Tensor> results = session.Run(feeds, fetches);
        Tensor[] values = [.. fetches.Select(f => results[f])];
        for (int i = 0; i < outputs; i++)
        {
            Fact fact = Infer(node, inputs)[i];
            Assert.True((fact.DType == DType.Invalid || fact.DType == values[i].DType) && fact.Shape.IsCompatibleWith(values[i].Shape), $"{op}: inferred {fact}, got {values[i]}");
        }

        return values;
    }

    /// <summary>The only output.</summary>
    public static Tensor Single(string op, AttributeMap attributes, params Tensor[] inputs) => Run(op, attributes, inputs)[0];

    /// <summary>The message of the fault that running the node gives.</summary>
    public static string Fault(string op, AttributeMap attributes, params Tensor[] inputs) =>
        Assert.Throws<ModelException>(() => Run(op, attributes, inputs)).Message;

    /// <summary>What inference says of the outputs when the inputs are constants.</summary>
    public static IReadOnlyList<Fact> Infer(string op, AttributeMap attributes, params Fact[] inputs)
    {
        using var model = new Model();
        Value[] values = [.. inputs.Select((f, i) => (Value)model.Graph.Add($"x{i}", "Placeholder", []))];
        Node node = model.Graph.Add("op", op, values, attributes);
        for (int i = 0; i < inputs.Length; i++)
            node.Inputs[i].Node.Facts = [inputs[i]];
        return Infer(node);
    }

    /// <summary>The numbers of a tensor.</summary>
    public static double[] Numbers(Tensor tensor) => Array.ConvertAll(TensorComparison.Numbers(tensor), n => n.Real);

    private static IReadOnlyList<Fact> Infer(Node node, Tensor[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            node.Inputs[i].Node.Facts = [Fact.Of(inputs[i])];
        return Infer(node);
    }

    private static IReadOnlyList<Fact> Infer(Node node)
    {
        Assert.True(OpTable.All.TryGet(node.Op, out Op? op));
        var context = new InferenceContext(node);
        Assert.IsAssignableFrom<IInfersFacts>(op).Infer(context);
        return context.Outputs;
    }

    private static Node Build(Model model, string op, AttributeMap attributes, Tensor[] inputs)
    {
        Value[] values = [.. inputs.Select((t, i) => (Value)model.Graph.Add($"x{i}", "Placeholder", [], new AttributeMap { { "dtype", t.DType } }))];
        return model.Graph.Add("op", op, values, attributes);
    }
}
