using Decant.Comparison;
using Decant.IR;
using Decant.Passes;

namespace Decant.Compression;

/// <summary>The inputs on which models are compared, by tensor name.</summary>
internal static class SampleInputs
{
    private static readonly HashSet<string> HandsOn = new(StringComparer.Ordinal) { "Identity", "Cast", "Reshape", "ExpandDims", "Squeeze", "Transpose", "StopGradient" };

    /// <summary>Draws values for inputs that the outputs need and that are not given. Ids that choose rows are drawn from all of them.</summary>
    /// <exception cref="ModelException">No random value can be made for an input, or an input that is given is not there.</exception>
    public static List<Dictionary<string, Tensor>> Draw(Model frozen, SignatureView view, IEnumerable<Value> outputs, MeasureOptions options)
    {
        var given = options.Inputs.ToDictionary(i => view.Resolve(i.Key, isInput: true).ToString(), i => i.Value, StringComparer.Ordinal);
        HashSet<Node> needed = Reach.Backward(outputs.Select(o => o.Node));
        List<(string Tensor, SignatureTensor Input, int? Rows)> random = [];
        foreach (SignatureTensor input in view.Inputs)
        {
            Value value = view.Resolve(input.Name, isInput: true);
            if (needed.Contains(value.Node) && !given.ContainsKey(value.ToString()) && value.Node.Op != "PlaceholderWithDefault")
                random.Add((value.ToString(), input, RowsOf(frozen.Graph, value.Node)));
        }

        var generator = new Random(options.Seed);
        List<Dictionary<string, Tensor>> samples = [];
        for (int i = 0; i < (random.Count == 0 ? 1 : Math.Max(1, options.Samples)); i++)
        {
            var sample = new Dictionary<string, Tensor>(given, StringComparer.Ordinal);
            foreach ((string tensor, SignatureTensor input, int? rows) in random)
                sample[tensor] = rows is { } count && Ids(input, count, generator) is { } ids ? ids : RandomTensors.For(input, generator);
            samples.Add(sample);
        }

        return samples;
    }

    private static Tensor? Ids(SignatureTensor input, int rows, Random random)
    {
        if (!input.Shape.HasRank)
            return null;
        var shape = new Shape([.. input.Shape.Dims.ToArray().Select(d => Math.Max(d, 1))]);
        int[] ids = new int[shape.ElementCount];
        foreach (ref int id in ids.AsSpan())
            id = random.Next(rows);
        return input.DType.Deref() switch
        {
            DType.Int32 => Tensor.Wrap(ids, shape),
            DType.Int64 => Tensor.Wrap(Array.ConvertAll(ids, id => (long)id), shape),
            _ => null,
        };
    }

    /// <summary>The fewest rows among the constants that an input chooses rows of; null when it chooses none.</summary>
    private static int? RowsOf(Graph graph, Node input)
    {
        int? rows = null;
        foreach (Node gather in graph.Nodes.Where(n => n.Op.Name is "Gather" or "GatherV2" && n.Inputs.Count >= 2 && Source(n.Inputs[1].Node) == input))
        {
            if (Source(gather.Inputs[0].Node) is { Op.Name: "Const" } weights && weights.Attributes["value"] is TensorAttr { Shape: { Rank: > 0 } shape } && shape[0] is > 0 and <= int.MaxValue)
                rows = Math.Min(rows ?? int.MaxValue, (int)shape[0]);
        }

        return rows;
    }

    private static Node Source(Node node)
    {
        // A TF1 loop could lead back to where it began.
        for (int i = 0; i < 64 && HandsOn.Contains(node.Op.Name) && node.Inputs.Count > 0; i++)
            node = node.Inputs[0].Node;
        return node;
    }
}
