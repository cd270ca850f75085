using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering.Raising;

/// <summary>
/// Expresses models of TensorFlow Lite in TensorFlow's ops. What is quantized becomes the real numbers that it stands for, weights
/// and activations: results differ from those of the integers by the rounding of these.
/// </summary>
internal sealed class TFLiteRaiser
{
    public const string Hint = "convert the TensorFlow model that it was made of";

    /// <summary>Subgraphs that call one another are followed this deep, as the engine follows functions.</summary>
    private const int MaxDepth = 256;

    private readonly Model _source;
    private readonly Model _raised;
    private readonly List<Diagnostic> _faults = [];
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    private TFLiteRaiser(Model source, bool isForTFJS)
    {
        (_source, IsForTFJS) = (source, isForTFJS);
        _raised = new Model { Format = "graphdef", Path = source.Path };
        _raised.TensorFlow.HasVersions = true;
    }

    /// <summary>Whether TensorFlow.js will run the graph.</summary>
    public bool IsForTFJS { get; }

    /// <summary>The graph of a signature, with the signature's names.</summary>
    /// <param name="model">A model of TensorFlow Lite, which owns the files.</param>
    /// <param name="key">The signature; null for the default one.</param>
    /// <param name="isForTFJS">Whether TensorFlow.js will run it, some of whose ops are others.</param>
    /// <exception cref="ModelException">There are no ops of TensorFlow for operators; all of them are named.</exception>
    public static Model Run(Model model, string? key, bool isForTFJS = false)
    {
        SignatureView view = SignatureView.Of(model, key);
        var raiser = new TFLiteRaiser(model, isForTFJS);
        var subgraph = new RaisedSubgraph(raiser, raiser._raised.Graph);
        foreach (Node argument in ((Function)view.Graph).ArgNodes)
            subgraph.AddPlaceholder(argument);
        Value[] outputs = [.. view.Outputs.Select(o => view.Resolve(o.Name, isInput: false))];
        subgraph.Add(view.Graph, outputs);
        raiser.Check();
        HashSet<Node> kept = Upstream.Of(outputs.Select(o => subgraph[o].Node).Concat(raiser._raised.Graph.Nodes.Where(n => n.Op == "Placeholder")));
        raiser._raised.Graph.RemoveAll(n => !kept.Contains(n));
        SignatureTensor Describe(string name, Value value) => new(name, $"{value.Node.Name}:{value.Port}", GraphBuilder.DTypeOf(value), GraphBuilder.ShapeOf(value));
        raiser._raised.Signatures.Add(new Signature(
            view.Key.Length > 0 ? view.Key : SignatureView.DefaultKey, "tensorflow/serving/predict",
            [.. view.Inputs.Select(i => Describe(i.Name, subgraph[view.Resolve(i.Name, isInput: true)]))],
            [.. view.Outputs.Select((o, i) => Describe(o.Name, subgraph[outputs[i]]))]));
        return raiser._raised;
    }

    /// <summary>A signature of a graph with the model of TensorFlow Lite as what it was made of; null where the one is quantized, and the other not.</summary>
    public static ConvertedSignature? Original(Model model, string? key, ConvertedSignature made)
    {
        if (model.TFLite is null)
            return null;
        SignatureView view = SignatureView.Of(model, key);
        if (view.Graph != model.Graph || model.Functions.Values.Prepend(model.Graph).Any(g => g.Nodes.Any(n => n.Tensors.Any(Constants.StandsForReals))))
            return null;
        SignatureTensor Resolved(SignatureTensor tensor, bool isInput) => tensor with { Tensor = view.Resolve(tensor.Name, isInput).ToString() };
        return made with { Reference = model, Inputs = [.. made.Inputs.Select(i => Resolved(i, true))], Outputs = [.. made.Outputs.Select(o => Resolved(o, false))] };
    }

    /// <summary>How many tensors of a model keep their values from run to run; in a graph they are constants.</summary>
    public static int States(Model model) => model.TFLite is null ? 0 : model.Functions.Values.Prepend(model.Graph).Sum(g => g.Nodes.Count(n => n.Op == TFLiteParts.TensorOp && n.Tensors[0].IsVariable));

    /// <summary>Which arguments of a subgraph are its results, each at the place of the argument.</summary>
    public IReadOnlyList<bool> Kept(FunctionAttr attribute) => !_source.Functions.TryGetValue(attribute.Name, out Function? subgraph) ? []
        : [.. subgraph.ArgNodes.Select((argument, i) => i < subgraph.Results.Count && subgraph.Results[i].Value == argument)];

    /// <summary>A subgraph as a function.</summary>
    /// <param name="attribute">The subgraph.</param>
    /// <param name="caller">The operator that calls it.</param>
    /// <param name="shapes">The shapes of what it is called with, which count where the file does not say the rank of an argument.</param>
    /// <exception cref="ModelException">There is no such subgraph, it calls itself, subgraphs call one another too deeply, or operators call it with different shapes that the file does not say.</exception>
    public Function Function(FunctionAttr attribute, Node caller, IReadOnlyList<Shape> shapes)
    {
        Shape Given(int argument) => argument < shapes.Count ? shapes[argument] : Shape.Unknown;
        if (_raised.Functions.TryGetValue(attribute.Name, out Function? known))
        {
            if (_source.Functions[attribute.Name].ArgNodes.Index().Any(a => a.Item.Tensors[0].MayHaveAnyRank && known.ArgNodes[a.Index].Fact(0).Shape != Given(a.Index)))
                throw ConvertErrors.UnsupportedOp.At(caller.At(), $"{caller.Op.Name} calls the subgraph '{attribute.Name}' with other shapes than another operator, and the file does not say those of its arguments", Hint);
            return known;
        }

        if (!_source.Functions.TryGetValue(attribute.Name, out Function? subgraph) || _open.Count == MaxDepth || !_open.Add(attribute.Name))
            throw ConvertErrors.UnsupportedOp.At(caller.At(), $"{caller.Op.Name} calls the subgraph '{attribute.Name}', which cannot be followed", Hint);
        var function = new Function(attribute.Name);
        var raised = new RaisedSubgraph(this, function);
        foreach ((int i, Node argument) in subgraph.ArgNodes.Index())
            raised.AddArgument(argument, Given(i));
        Value[] results = [.. subgraph.Results.Select(r => r.Value)];
        raised.Add(subgraph, results);
        foreach ((int i, Value result) in results.Index())
            function.Results.Add((new FunctionArg($"result_{i}", GraphBuilder.DTypeOf(raised[result])), raised[result]));
        _open.Remove(attribute.Name);
        _raised.Functions.Add(function.Name, function);
        return function;
    }

    /// <summary>Notes that there are no ops for an operator.</summary>
    public void Miss(string op) => _unknown.Add(op);

    /// <summary>Notes why an operator is refused.</summary>
    public void Miss(ModelException fault) => _faults.AddRange(fault.Diagnostics);

    private void Check()
    {
        if (_unknown.Count > 0)
            _faults.Insert(0, new Diagnostic(ConvertErrors.UnsupportedOp, $"TensorFlow has no ops for the operators {string.Join(", ", _unknown)}", new Location(_source.Path), Hint));
        if (_faults.Count > 0)
            throw new ModelException(_faults);
    }
}
