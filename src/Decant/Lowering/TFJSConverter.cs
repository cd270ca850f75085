using System.Text.Json;
using Decant.IR;
using Decant.Lowering.Composing;
using Decant.Lowering.Raising;
using Decant.Ops;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Lowering;

/// <summary>
/// Converts models to graph models of TensorFlow.js: freezes and optimizes the graph, fuses biases and activations into
/// <c>_FusedConv2D</c>, <c>_FusedMatMul</c> and <c>FusedDepthwiseConv2dNative</c>, and takes out checks and prints.
/// </summary>
public static class TFJSConverter
{
    private const string DefaultSignature = "serving_default";

    private static readonly string[] Debugging = ["Assert", "CheckNumerics", "Print"];

    /// <summary>Converts a model, which stays as it is and owns the files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or TensorFlow.js lacks ops of it; all of those are told.</exception>
    public static ConvertResult Run(Model model, TFJSConvertOptions options, Func<Node, Tensor> read)
    {
        Model original = model;
        if (model.TFLite is not null)
            model = TFLiteRaiser.Run(model, options.Signature);
        SignatureView view = SignatureView.Of(model, options.Signature);
        string[] inputs = [.. options.Inputs ?? [.. view.Inputs.Select(i => i.Name)]], outputs = [.. options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]];
        if (outputs.Length == 0)
            throw ConvertErrors.CannotConvert.At(new Location(model.Path), "the model has no outputs", "name some: --outputs NAME");
        OptimizeResult optimized = Optimizer.Run(model, new OptimizeOptions { Signature = options.Signature, Inputs = inputs, Outputs = outputs, Fuse = true, NarrowIndices = true, Without = options.Without }, read);
        Model work = optimized.Model;
        List<Diagnostic> refused = [];
        if (Compositions.Run(work, refused))
            work = Optimizer.Run(work, new OptimizeOptions { Inputs = optimized.Inputs, Outputs = optimized.Outputs, Fuse = true, NarrowIndices = true, Without = options.Without }, read).Model;
        foreach (Graph graph in work.Functions.Values.Prepend(work.Graph))
        {
            SplitTanh(graph);
            ChannelsLast.Run(graph, graph is Function function ? function.Results.Select(r => r.Value.Node.Name).ToHashSet() : outputs.Select(o => view.Resolve(o, isInput: false).Node.Name).ToHashSet());
        }

        ImportTables(work.Graph);
        if (options.StripDebugOps)
        {
            foreach (Graph graph in work.Functions.Values.Prepend(work.Graph))
                StripDebugging(graph);
        }

        if (options.CheckOps)
            CheckOps(work, model.Path, refused);
        // TensorFlow.js reads attributes as they are written, and fails where one is left out because it has its default.
        AddDefaultAttributes.Run(work);
        InferFacts.Run(work);
        SignatureTensor[] given = [.. inputs.Distinct().Select(i => view.Describe(i, isInput: true, work.Graph)).Where(i => work.Graph.TryGet(i.Tensor.Split(':')[0], out _))];
        SignatureTensor[] wanted = [.. outputs.Distinct().Select(o => view.Describe(o, isInput: false, work.Graph))];
        string key = options.Signature ?? (view.Key.Length > 0 ? view.Key : DefaultSignature);
        work.Signatures.Clear();
        work.Signatures.Add(new Signature(key, "", given, wanted));
        if (options.NamesOutputs)
            NameOutputs(work, wanted);
        ConvertedSignature made = new(key, optimized.Reference, given, wanted, optimized.HasLostTraining);
        return new ConvertResult(work, [TFLiteRaiser.Original(original, options.Signature, made) ?? made]);
    }

    /// <exception cref="ModelException">Ops are left that TensorFlow.js does not have, or does not compute as TensorFlow: all are named, and why those that could be composed are not.</exception>
    private static void CheckOps(Model work, string path, List<Diagnostic> refused)
    {
        IEnumerable<Node> nodes = work.Functions.Values.Prepend(work.Graph).SelectMany(g => g.Nodes);
        refused.AddRange(nodes.Where(VariableEntry.IsVariable).Select(v =>
            new Diagnostic(ConvertErrors.UnsupportedOp, "is a variable that the graph writes, or whose value nothing tells, and TensorFlow.js has no variables", v.At(), EmbeddedOps.VariableHint)));
        if (TfjsOps.Missing(nodes) is { Length: > 0 } missing)
            refused.Insert(0, new Diagnostic(ConvertErrors.UnsupportedOp, $"TensorFlow.js does not have the ops {string.Join(", ", missing)}", new Location(path), "where they are: decant ops MODEL --target tfjs"));
        if (refused.Count > 0)
            throw new ModelException(refused);
    }

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

    /// <summary>Makes the names by which TensorFlow.js gives a table of outputs, in their order, the metadata of the author.</summary>
    private static void NameOutputs(Model model, SignatureTensor[] outputs)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("structuredOutputKeys");
            foreach (SignatureTensor output in outputs)
                json.WriteStringValue(output.Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        model.TFJS ??= new TFJSParts();
        model.TFJS.UserDefinedMetadata = new BufferSlice(bytes.ToArray());
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
