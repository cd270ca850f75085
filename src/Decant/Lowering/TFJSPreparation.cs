using Decant.IR;
using Decant.Lowering.Composing;
using Decant.Lowering.Raising;
using Decant.Ops;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Lowering;

/// <summary>A node that TensorFlow.js does not compute, and why: it has no such op, or <paramref name="Why"/> it cannot be composed of others.</summary>
internal readonly record struct TFJSLack(Graph Graph, Node Node, Diagnostic? Why);

/// <summary>A model with the ops that it will have in TensorFlow.js, and what TensorFlow.js lacks of them. Conversions and <c>ops</c> ask here.</summary>
internal sealed record TFJSPreparation(Model Model, SignatureView View, OptimizeResult Optimized, string[] Inputs, IReadOnlyDictionary<string, string> Placed, string[] Outputs, IReadOnlyList<TFJSLack> Lacks)
{
    private static readonly string[] Debugging = ["Assert", "CheckNumerics", "Print"];

    /// <summary>Freezes, optimizes and composes; the model stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    /// <exception cref="ModelException">A name is unknown, or the model cannot be frozen.</exception>
    public static TFJSPreparation Of(Model model, TFJSConvertOptions options, Func<Node, Tensor> read)
    {
        if (model.TFLite is not null)
            model = TFLiteRaiser.Run(model, options.Signature, isForTFJS: true);

        // What is known of a tensor where the graph is cut becomes the shape of a placeholder.
        if (options.Inputs is not null)
            InferFacts.Run(model);
        SignatureView view = SignatureView.Of(model, options.Signature);
        string[] inputs = [.. options.Inputs ?? [.. view.Inputs.Select(i => i.Name)]], outputs = [.. options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]];
        if (outputs.Length == 0)
            throw ConvertErrors.CannotConvert.At(new Location(model.Path), "the model has no outputs", model.LooseWeights?.Hint ?? "name some: --outputs NAME");
        OptimizeResult optimized = Optimizer.Run(model, new OptimizeOptions { Signature = options.Signature, Inputs = inputs, Outputs = outputs, Fuse = true, NarrowIndices = true, KeepPrints = !options.StripDebugOps, Without = options.Without }, read);
        Model work = optimized.Model;
        Dictionary<string, string> placed = CutInputs.Find(work.Graph, inputs.Select(i => (i, view.Resolve(i, isInput: true))));
        List<(Graph Graph, Node Node, Diagnostic Why)> refused = [];
        if (Compositions.Run(work, refused))
            work = Optimizer.Run(work, new OptimizeOptions { Inputs = [.. placed.Values.Distinct()], Outputs = optimized.Outputs, Fuse = true, NarrowIndices = true, KeepPrints = !options.StripDebugOps, Without = options.Without }, read).Model;
        foreach (Graph graph in Graphs(work))
        {
            HashSet<string> kept = graph is Function function ? [.. function.Results.Select(r => r.Value.Node.Name)] : [.. outputs.Select(o => view.Resolve(o, isInput: false).Node.Name)];
            SplitTanh(graph);
            NarrowCasts(graph);
            GiveElementShapes(graph);
            PreluFusion.Run(graph, kept);
            ChannelsLast.Run(graph, kept);
            LoopStarts.Run(graph);
            // What was read of TensorFlow.js means what it means there.
            if (model.TFJS is null)
                OverlapLimits.Run(graph);
        }

        DilatedStrides.Run(work, Graphs(work), refused);
        ImportTables(work.Graph);
        if (options.StripDebugOps)
        {
            foreach (Graph graph in Graphs(work))
                StripDebugging(graph);
        }

        IEnumerable<TFJSLack> missing = Graphs(work).SelectMany(g => TfjsOps.Missing(g.Nodes).Select(n => new TFJSLack(g, n, VariableEntry.IsVariable(n) ? NoVariable(n) : null)));
        return new TFJSPreparation(work, view, optimized, inputs, placed, outputs, [.. missing, .. refused.Select(r => new TFJSLack(r.Graph, r.Node, r.Why))]);
    }

    /// <summary>All that is lacking as one error: first the ops by name, as the original tells them, and then why those that could be composed are not.</summary>
    public ModelException Refusal(string path)
    {
        string[] ops = TfjsOps.Names(Lacks.Where(l => l.Why is null).Select(l => l.Node));
        Diagnostic[] named = ops.Length == 0 ? []
            : [new Diagnostic(ConvertErrors.UnsupportedOp, $"TensorFlow.js does not have the ops {string.Join(", ", ops)}", new Location(path), "where they are: decant ops MODEL --target tfjs")];
        return new ModelException([.. named, .. Lacks.Where(l => l.Why is not null).Select(l => l.Why!)]);
    }

    private static Diagnostic NoVariable(Node node) =>
        new(ConvertErrors.UnsupportedOp, "is a variable that the graph writes, or whose value nothing tells, and TensorFlow.js has no variables", node.At(), EmbeddedOps.VariableHint);

    private static IEnumerable<Graph> Graphs(Model model) => model.Functions.Values.Prepend(model.Graph);

    /// <summary>TensorFlow.js's fused products know no tanh, which becomes a node of its own again.</summary>
    private static void SplitTanh(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => n.Op == "_FusedMatMul").ToList())
        {
            if (node.Attributes["fused_ops"] is not ListAttr { Strings: [var bias, var activation] } || !activation.Span.SequenceEqual("Tanh"u8))
                continue;
            AttributeMap attributes = node.Attributes.Clone();
            attributes.Set("fused_ops", new ListAttr { Strings = [bias] });
            Node product = graph.Add(graph.FreeName($"{node.Name}/BiasAdd"), "_FusedMatMul", node.Inputs.AsSpan(), attributes);
            node.Inputs.Clear();
            node.Inputs.Add(product);
            (node.Op, node.Attributes) = ("Tanh", new AttributeMap { { "T", DType.Float32 } });
        }
    }

    /// <summary>TensorFlow.js has one integer type, and fails on casts to those that it does not know; what reads their values must not depend on the type.</summary>
    private static void NarrowCasts(Graph graph)
    {
        HashSet<Node> read = [.. graph.Nodes.Where(n => n.Op != "Cast").SelectMany(n => n.Inputs.AsSpan().ToArray()).Where(v => v.IsPresent).Select(v => v.Node)];
        foreach (Node node in graph.Nodes.Where(n => n.Op == "Cast" && !read.Contains(n)))
        {
            if (node.Attributes["DstT"] is TypeAttr { Value: DType.Int16 or DType.UInt16 or DType.UInt32 or DType.UInt64 })
                node.Attributes.Set("DstT", DType.Int32);
        }
    }

    /// <summary>TensorFlow.js splits a tensor into parts of the shape of an array's elements, which files need not tell: that of parts of the same length.</summary>
    private static void GiveElementShapes(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => n.Op == "TensorArraySplitV3"))
        {
            if (node.Inputs is not [var array, var value, var lengths, ..] || array.Node.Op != "TensorArrayV3" || array.Node.Attributes["element_shape"] is ShapeAttr { Value.HasRank: true }
                || value.Node.Fact(value.Port).Shape is not { IsFullyKnown: true, Rank: > 0 } shape || LengthsOf(lengths) is not { Length: > 0 } parts || parts.Any(p => p != parts[0]))
                continue;
            array.Node.Attributes.Set("element_shape", new Shape([parts[0], .. shape.Dims[1..]]));
        }
    }

    private static long[]? LengthsOf(Value value)
    {
        while (value.Constant is null && value.Node.Op.Name is "Cast" or "Identity")
            value = value.Node.Inputs[0];
        return value.Constant is { DType: DType.Int32 or DType.Int64 } constant ? TensorInts.Read(constant, value.Node) : null;
    }

    /// <summary>TensorFlow.js fills lookup tables by one op; the other that TensorFlow has takes the same.</summary>
    private static void ImportTables(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => n.Op.Name is "InitializeTable" or "InitializeTableV2"))
        {
            var types = new AttributeMap();
            foreach ((string from, string to) in (ReadOnlySpan<(string, string)>)[("Tkey", "Tin"), ("Tval", "Tout")])
            {
                if (node.Attributes[from] is { } type)
                    types.Set(to, type);
            }

            (node.Op, node.Attributes) = (node.Op == "InitializeTable" ? "LookupTableImport" : "LookupTableImportV2", types);
        }
    }

    /// <summary>Makes identities of checks and prints that hand on a value, and nothing of assertions.</summary>
    private static void StripDebugging(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => Debugging.Contains(n.Op.Name)))
        {
            Value[] kept = node.Op == "Assert" ? [] : [node.Inputs[0]];
            AttrValue? type = node.Attributes["T"];
            (node.Op, node.Attributes) = (kept.Length == 0 ? "NoOp" : "Identity", []);
            node.Inputs.Clear();
            node.Inputs.AddRange(kept);
            if (kept.Length > 0 && type is not null)
                node.Attributes.Set("T", type);
        }
    }
}
