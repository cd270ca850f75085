using System.Globalization;

namespace Decant.IR;

/// <summary>
/// The inputs and outputs of a model by name: those of a signature, or, for a graph without signatures, its placeholders
/// and its unconsumed nodes.
/// </summary>
public sealed class SignatureView
{
    /// <summary>The signature that servers use when none is named.</summary>
    public const string DefaultKey = "serving_default";

    /// <summary>What the keys of signatures begin with that TensorFlow has for itself.</summary>
    internal const string Internal = "__saved_model_";

    private static readonly HashSet<string> NeverOutputs = new(StringComparer.Ordinal) { "Const", "Assign", "NoOp", "Placeholder", "Assert", "SaveV2", "RestoreV2" };

    /// <summary>What TensorBoard shows of a training: never an output, and no reader that counts where everything is read.</summary>
    private static readonly HashSet<string> Summaries = new(StringComparer.Ordinal)
    {
        "AudioSummary", "AudioSummaryV2", "HistogramSummary", "ImageSummary", "MergeSummary", "ScalarSummary", "TensorSummary", "TensorSummaryV2",
    };

    /// <summary>How TensorFlow names the placeholders that it leaves behind where it lowers conditions and loops, and that nothing reads.</summary>
    private const string LeftBehind = "unused_control_flow_input";

    private const string Gradients = "gradients";

    private readonly Model _model;

    private SignatureView(Model model, Graph graph, string key, IReadOnlyList<SignatureTensor> inputs, IReadOnlyList<SignatureTensor> outputs)
    {
        (_model, Graph) = (model, graph);
        Key = key;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The signature's key, or empty when the graph has no signatures.</summary>
    public string Key { get; }

    /// <summary>The graph that has the inputs and outputs: the main one, or the function that a signature of TensorFlow Lite is of.</summary>
    public Graph Graph { get; }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<SignatureTensor> Inputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<SignatureTensor> Outputs { get; }

    /// <summary>The signature of this key; without a key the default one, the only one, or what the graph itself offers.</summary>
    /// <exception cref="ModelException">There is no such signature.</exception>
    public static SignatureView Of(Model model, string? key = null)
    {
        Signature? signature = key is null
            ? model.Signatures.Find(s => s.Key == DefaultKey) ?? model.Signatures.Find(s => s.Outputs.Count > 0 && !s.Key.StartsWith(Internal, StringComparison.Ordinal))
            : model.Signatures.Find(s => s.Key == key) ?? throw GraphErrors.MissingNode.At(
                new Location(model.Path), $"there is no signature '{key}'",
                model.Signatures.Count == 0 ? "the model has no signatures: name tensors instead" : $"there are {string.Join(", ", model.Signatures.Select(s => $"'{s.Key}'"))}");
        if (signature is not null)
            return new SignatureView(model, signature.Function is { } function ? model.Functions[function] : model.Graph, signature.Key, signature.Inputs, signature.Outputs);
        if (model is { TFLite: not null, Graph: Function main })
            return new SignatureView(model, main, "", [.. main.ArgNodes.Select(n => Describe(new Value(n)))], [.. main.Results.Select(r => Describe(r.Value))]);
        IReadOnlyList<Node> nodes = Unsaved(model);
        bool[] used = Used(model.Graph.Nodes, model.Graph.IdLimit);
        return new SignatureView(model, model.Graph, "", Placeholders(nodes, used), Unconsumed(model.Graph, nodes, used));
    }

    /// <summary>The value that a name stands for: a name of the signature, or a tensor of the graph.</summary>
    /// <exception cref="ModelException">There is no such input, output or tensor.</exception>
    public Value Resolve(string name, bool isInput)
    {
        SignatureTensor? found = (isInput ? Inputs : Outputs).FirstOrDefault(t => t.Name == name);
        if (found is null && Graph is Function subgraph && ByPosition(subgraph, name, isInput) is { IsPresent: true } positioned)
            return positioned;
        if (found is null && _model.TFLite is not null && name.Contains(':') && ByTensorName(name) is { IsPresent: true } exact)
            return exact;
        string tensor = found?.Tensor ?? name;
        int colon = tensor.LastIndexOf(':');
        int port = 0;
        string nodeName = colon > 0 && int.TryParse(tensor.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) ? tensor[..colon] : tensor;
        if (Graph.TryGet(nodeName, out Node? node))
            return new Value(node, port);
        if (_model.TFLite is not null && ByTensorName(name) is { IsPresent: true } named)
            return named;

        // The first output of a node is called by the node's name, too.
        string other = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name + ":0";
        if (_model.TFLite is not null && (isInput ? Inputs : Outputs).Any(t => t.Name == other))
            return Resolve(other, isInput);
        string what = isInput ? "input" : "output";
        string? near = Spelling.Nearest(nodeName, (isInput ? Inputs : Outputs).Select(t => t.Name).Concat(Graph.Nodes.Take(10_000).Select(n => n.Name)));
        throw GraphErrors.MissingNode.At(
            new Location(_model.Path.Length > 0 ? _model.Path : null), $"there is no {what} or tensor '{name}'",
            near is not null ? $"did you mean '{near}'?" : $"the {what}s are {string.Join(", ", (isInput ? Inputs : Outputs).Take(8).Select(t => $"'{t.Name}'"))}");
    }

    /// <summary>What a name stands for, with the type and shape that <paramref name="inferred"/>, a graph made of this one, knows for it, else the declared ones.</summary>
    /// <exception cref="ModelException">There is no such input, output or tensor.</exception>
    public SignatureTensor Describe(string name, bool isInput, Graph inferred)
    {
        Value value = Resolve(name, isInput);
        SignatureTensor? declared = (isInput ? Inputs : Outputs).FirstOrDefault(t => t.Name == name);
        Fact fact = inferred.TryGet(value.Node.Name, out Node? node) ? node.Fact(value.Port) : Fact.None;
        return new SignatureTensor(name, value.ToString(), fact.DType != DType.Invalid ? fact.DType : declared?.DType.Deref() ?? DType.Invalid, fact.Shape.HasRank ? fact.Shape : declared?.Shape ?? Shape.Unknown);
    }

    /// <summary>The input or output of a subgraph at a position, such as <c>0</c>.</summary>
    private static Value ByPosition(Function subgraph, string name, bool isInput) =>
        !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position) || position >= (isInput ? subgraph.ArgNodes.Count : subgraph.Results.Count) ? default
            : isInput ? subgraph.ArgNodes[position] : subgraph.Results[position].Value;

    /// <summary>The tensor that the file calls so.</summary>
    private Value ByTensorName(string name)
    {
        foreach (Node node in Graph.Nodes)
        {
            for (int port = 0; port < node.Tensors.Count; port++)
            {
                if (node.Tensors[port].Name == name)
                    return new Value(node, port);
            }
        }

        return default;
    }

    /// <summary>The nodes of the main graph without those that save and restore a checkpoint: what the saver's name of it goes into.</summary>
    private static IReadOnlyList<Node> Unsaved(Model model)
    {
        if (model.TensorFlow.Saver is not { } saver || !model.Graph.TryGet(saver.FilenameTensor.Split(':')[0], out Node? name))
            return model.Graph.Nodes;
        Dictionary<Node, List<(Node User, int Input)>> users = model.Graph.Users();
        HashSet<Node> saves = [name];
        var open = new Stack<Node>(saves);
        while (open.TryPop(out Node? node))
        {
            foreach ((Node user, _) in users.GetValueOrDefault(node) ?? [])
            {
                if (saves.Add(user))
                    open.Push(user);
            }
        }

        return [.. model.Graph.Nodes.Where(n => !saves.Contains(n))];
    }

    private static List<SignatureTensor> Placeholders(IReadOnlyList<Node> nodes, bool[] used) =>
        [.. nodes.Where(n => IsInput(n) && (used[n.Id] || !n.Name.StartsWith(LeftBehind, StringComparison.Ordinal))).Select(n => Describe(n))];

    private static bool IsInput(Node node) => node.Op.Name is "Placeholder" or "PlaceholderWithDefault" or "PlaceholderV2"
        || (node.Op == Function.ArgOp && node.Attributes["T"] is not TypeAttr { Value: DType.Resource or DType.Variant });

    /// <summary>
    /// What nothing reads, without the gradients that training left there, unless they are all that there is; what only summaries read,
    /// where everything is read.
    /// </summary>
    private static List<SignatureTensor> Unconsumed(Graph graph, IReadOnlyList<Node> nodes, bool[] used)
    {
        List<Node> ends = Ends(nodes, used);
        if (ends.Count == 0)
            ends = Ends(nodes, Used(graph.Nodes.Where(n => !IsSummary(n)), graph.IdLimit));
        List<Node> answers = ends.FindAll(n => !IsGradient(n));
        return [.. (answers.Count > 0 ? answers : ends).Select(n => Describe(n))];
    }

    private static List<Node> Ends(IReadOnlyList<Node> nodes, bool[] used) =>
        [.. nodes.Where(n => !used[n.Id] && !NeverOutputs.Contains(n.Op.Name) && !IsSummary(n) && !n.ControlInputs.Exists(IsSave))];

    private static bool IsSummary(Node node) => Summaries.Contains(node.Op.Name);

    // tf.gradients makes its nodes in a scope of this name, which has a number from the second on.
    private static bool IsGradient(Node node) => node.Name.Split('/')[..^1].Any(s => s == Gradients || s.StartsWith($"{Gradients}_", StringComparison.Ordinal));

    /// <summary>Whether one of these nodes reads a node or waits for it, by the node's number.</summary>
    private static bool[] Used(IEnumerable<Node> readers, int idLimit)
    {
        bool[] used = new bool[idLimit];
        foreach (Node node in readers)
        {
            foreach (Value input in node.Inputs)
            {
                if (input.IsPresent)
                    used[input.Node.Id] = true;
            }

            foreach (Node before in node.ControlInputs)
                used[before.Id] = true;
        }

        return used;
    }

    /// <summary>Whether a node writes a checkpoint; what a saver ends in hangs on it.</summary>
    private static bool IsSave(Node node) => node.Op.Name is "SaveV2" or "SaveSlices" or "Save" or "MergeV2Checkpoints";

    /// <summary>A tensor of a TensorFlow Lite model by the name it has in the file.</summary>
    private static SignatureTensor Describe(Value value)
    {
        Fact fact = value.Node.Fact(value.Port);
        TensorSpec? spec = value.Port < value.Node.Tensors.Count ? value.Node.Tensors[value.Port] : null;
        return new SignatureTensor(spec is { Name.Length: > 0 } ? spec.Name : value.ToString(), value.ToString(), fact.DType, fact.Shape);
    }

    private static SignatureTensor Describe(Node node)
    {
        Fact fact = node.Fact(0);
        DType dtype = fact.DType != DType.Invalid ? fact.DType : ((node.Attributes["dtype"] ?? node.Attributes["T"]) as TypeAttr)?.Value ?? DType.Invalid;
        Shape shape = fact.Shape.HasRank ? fact.Shape : (node.Attributes["shape"] as ShapeAttr)?.Value ?? Shape.Unknown;
        return new SignatureTensor(node.Name, node.Name, dtype, shape);
    }
}
