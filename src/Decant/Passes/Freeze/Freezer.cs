using Decant.IR;

namespace Decant.Passes.Freeze;

/// <summary>
/// Makes a model one graph that stands by itself: what the outputs need, calls inlined, variables as constants whose
/// tensors stay where the checkpoint has them. Every name by which inputs and outputs were known still finds them.
/// </summary>
/// <remarks>
/// Tables stay nodes. Where TensorFlow's freezing loses their initializers, what reads a table here waits for them
/// (a control input), so that the frozen graph fills its tables by itself; the entries of asset files become constants.
/// </remarks>
public static class Freezer
{
    private const string InitSignature = "__saved_model_init_op";

    /// <summary>Freezes a model with the values of its checkpoint.</summary>
    /// <inheritdoc cref="Freeze(Model, FreezeOptions, Func{Node, Tensor})" />
    public static Model Freeze(Model model, FreezeOptions options) => Freeze(
        model, options,
        node => model.Variables.TryGetValue(node.Name, out VariableEntry? entry) ? entry.Read()
            : throw PassErrors.CannotFreeze.At(node.At(), model.Checkpoint is { } path ? $"is a variable that the checkpoint '{path}' has no value for" : "is a variable, and the model has no checkpoint with its value"));

    /// <summary>Freezes a model.</summary>
    /// <param name="model">The model, which stays as it is and owns the files.</param>
    /// <param name="options">What to freeze.</param>
    /// <param name="read">The value of a variable, given its Variable, VariableV2 or VarHandleOp node.</param>
    /// <exception cref="ModelException">An attribute is not what its op allows, a name is unknown, a variable has no value, or the graph writes to one that the outputs need.</exception>
    public static Model Freeze(Model model, FreezeOptions options, Func<Node, Tensor> read)
    {
        if (model.TFLite is not null)
            throw PassErrors.CannotFreeze.At(new Location(model.Path.Length > 0 ? model.Path : null), "the model is a TensorFlow Lite model, which holds its weights as constants already and is no GraphDef", "use the file as it is");
        if (Verifier.FindBadAttributes(model) is { Count: > 0 } faults)
            throw new ModelException(faults);
        (Model frozen, SignatureView view, List<Value> outputs, string[] kept) = Extract(model, options);
        Graph graph = frozen.Graph;
        TableContents.Embed(graph, model);
        var variables = new VariableFreezer(frozen.Functions);
        foreach (Graph holder in frozen.Functions.Values.Prepend(graph).ToList())
        {
            foreach (Node node in holder.Nodes.Where(n => VariableEntry.IsVariable(n) && IsChosen(n, options)).ToList())
                variables.Freeze(holder, node, read(node));
        }

        Prune(frozen, kept);
        Colocation.RemoveDangling(graph);
        foreach (Node node in options.ClearDevices ? graph.Nodes : [])
            node.Device = "";
        return WithoutRest(model, frozen, model.Signatures.Where(s => s.Key == view.Key).Select(s => Keep(s, graph, outputs)));
    }

    /// <summary>The variables that the outputs write to, by the names of their nodes: those cannot be constants.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What would be frozen.</param>
    public static IReadOnlySet<string> Written(Model model, FreezeOptions options)
    {
        Graph graph = Extract(model, options).Frozen.Graph;
        return graph.Nodes.Where(IsWrite).Select(n => TableInitializers.Source(n.Inputs[0]).Node).Where(VariableEntry.IsVariable).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a node changes the variable that is its first input.</summary>
    private static bool IsWrite(Node node) => node.Inputs.Count > 1 && (node.Op.Name.StartsWith("Assign", StringComparison.Ordinal)
        || node.Op.Name.StartsWith("ResourceScatter", StringComparison.Ordinal) || (node.Op.Name.StartsWith("Scatter", StringComparison.Ordinal) && node.Op != "ScatterNd"));

    /// <summary>What the outputs need, without calls.</summary>
    private static (Model Frozen, SignatureView View, List<Value> Outputs, string[] Kept) Extract(Model model, FreezeOptions options)
    {
        SignatureView view = SignatureView.Of(model, options.Signature);
        List<Value> inputs = [.. (options.Inputs ?? (view.Key.Length > 0 ? view.Inputs.Select(i => i.Name) : [])).Select(n => view.Resolve(n, isInput: true)).Distinct()];
        List<Value> outputs = [.. (options.Outputs ?? view.Outputs.Select(o => o.Name)).Select(n => view.Resolve(n, isInput: false)).Distinct()];
        List<Node> initializers = Initializers(model, options);
        Model part = ExtractSubgraph.Run(model, inputs, [.. outputs, .. initializers.Select(n => new Value(n))]);
        string[] kept = [.. inputs.Concat(outputs).Select(v => v.Node.Name)];
        Model frozen = InlineFunctions.Run(part, [.. kept, .. initializers.Select(n => n.Name)]);
        TrimOutputs(frozen.Graph, outputs);
        AssetVariables.Resolve(frozen.Graph, model);
        new TableInitializers(frozen.Graph).Attach();
        Prune(frozen, kept);
        return (frozen, view, outputs, kept);
    }

    /// <summary>The graph and functions without what the container they came from holds beside them.</summary>
    private static Model WithoutRest(Model model, Model frozen, IEnumerable<Signature> signatures)
    {
        TensorFlowParts from = model.TensorFlow;
        var parts = new TensorFlowParts { Versions = from.Versions, HasVersions = from.HasVersions, Producer = from.Producer, UnknownGraph = from.UnknownGraph };
        var bare = new Model { Graph = frozen.Graph, Format = "graphdef", Path = model.Path, TensorFlow = parts };
        foreach ((string name, Function function) in frozen.Functions)
            bare.Functions.Add(name, function);
        bare.Signatures.AddRange(signatures);
        if (frozen.Functions.Values.Prepend(frozen.Graph).Any(g => g.Nodes.Any(VariableEntry.IsVariable)))
            bare.ShareVariables(model);
        return bare;
    }

    /// <summary>The signature, or as much of it as was wanted.</summary>
    private static Signature Keep(Signature signature, Graph graph, List<Value> outputs)
    {
        List<SignatureTensor> inputs = [.. signature.Inputs.Where(i => graph.TryGet(i.Tensor.Split(':')[0], out _))];
        List<SignatureTensor> wanted = [.. signature.Outputs.Where(o => outputs.Exists(v => o.Tensor == v.ToString() || o.Tensor == $"{v.Node.Name}:{v.Port}"))];
        return inputs.Count == signature.Inputs.Count && wanted.Count == signature.Outputs.Count ? signature
            : signature with { Inputs = inputs, Outputs = wanted, Encoded = default };
    }

    private static bool IsChosen(Node variable, FreezeOptions options) =>
        (options.VariableAllowList?.Contains(variable.Name) ?? true) && !options.VariableDenyList.Contains(variable.Name);

    private static List<Node> Initializers(Model model, FreezeOptions options)
    {
        var nodes = new List<Node>();
        nodes.AddRange(options.InitializerNodes.Select(n => model.Graph[n.Split(':')[0]]));
        IEnumerable<string> named = model.Signatures.Where(s => s.Key == InitSignature).SelectMany(s => s.Outputs).Select(o => o.Tensor)
            .Append(model.TensorFlow.InitNode).Concat(model.TensorFlow.TableInitializers);
        foreach (string name in named)
        {
            if (model.Graph.TryGet(name.TrimStart('^').Split(':')[0], out Node? node))
                nodes.Add(node);
        }

        nodes.AddRange(model.Graph.Nodes.Where(TableInitializers.IsInitializer));
        return nodes;
    }

    /// <summary>Makes a call's IdentityN, which stands for the call by its name, hand on only those outputs that are wanted.</summary>
    private static void TrimOutputs(Graph graph, List<Value> outputs)
    {
        var users = graph.Users();
        foreach (IGrouping<string, Value> wanted in outputs.GroupBy(v => v.Node.Name))
        {
            Node node = graph[wanted.Key];
            if (node.Op != "IdentityN" || wanted.First().Node.Op == "IdentityN")
                continue;
            HashSet<int> read = [.. wanted.Select(v => v.Port)];
            foreach ((Node user, int input) in users.GetValueOrDefault(node) ?? [])
                read.Add(user.Inputs[input].Port);
            int count = read.Max() + 1;
            IReadOnlyList<DType> types = ((ListAttr)node.Attributes["T"]!).Types;
            int first = read.Min();
            int[] from = [.. Enumerable.Range(0, count).Select(i => read.Contains(i) ? i : first)];
            Value[] values = [.. from.Select(i => node.Inputs[i])];
            node.Attributes["T"] = new ListAttr { Types = [.. from.Select(i => types[i])] };
            node.Inputs.Clear();
            node.Inputs.AddRange(values);
        }
    }

    private static void Prune(Model model, string[] kept)
    {
        HashSet<Node> needed = Reach.Backward(kept.Select(n => model.Graph[n]));
        model.Graph.RemoveAll(n => !needed.Contains(n));
        HashSet<string> called = [.. Reach.Functions(model.Graph.Nodes, model.Functions)];
        foreach (string name in model.Functions.Keys.Where(n => !called.Contains(n)).ToList())
            model.Functions.Remove(name);
    }
}
