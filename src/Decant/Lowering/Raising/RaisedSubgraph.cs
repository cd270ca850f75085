using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering.Raising;

/// <summary>A graph of TensorFlow's ops that is made of a subgraph of TensorFlow Lite.</summary>
internal sealed class RaisedSubgraph(TFLiteRaiser raiser, Graph graph)
{
    /// <summary>The elements of the largest state that becomes a constant.</summary>
    private const long MostStates = 16 << 20;

    private readonly GraphBuilder _builder = new(graph);
    private readonly Dictionary<Value, Value> _values = [];

    /// <summary>What a value of the subgraph is in the graph.</summary>
    /// <exception cref="ModelException">There is none, as the operator has no such output.</exception>
    public Value this[Value value] => _values.TryGetValue(value, out Value raised) && raised.IsPresent ? raised
        : throw ConvertErrors.UnsupportedOp.At(value.Node.At(), $"has no output {value.Port} that is one of TensorFlow's", TFLiteRaiser.Hint);

    /// <summary>Makes an argument a placeholder.</summary>
    public void AddPlaceholder(Node argument)
    {
        Fact fact = Constants.FactOf(argument.Tensors[0]);
        Node node = graph.Add(graph.FreeName(SafeName(argument.Name)), "Placeholder", [], new AttributeMap { { "dtype", fact.DType }, { "shape", fact.Shape } });
        node.Facts = [fact];
        _values[argument] = node;
    }

    /// <summary>Makes an argument one of the function that the graph is.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="given">The shape that callers give, which counts where the file does not say the rank.</param>
    public void AddArgument(Node argument, Shape given)
    {
        var function = (Function)graph;
        Fact fact = Constants.FactOf(argument.Tensors[0]);
        if (argument.Tensors[0].MayHaveAnyRank)
            fact = fact with { Shape = given };
        Node node = function.AddArg(new FunctionArg($"arg_{function.Args.Count}", fact.DType));
        node.Facts = [fact];
        _values[argument] = node;
    }

    /// <summary>Adds what some values need.</summary>
    public void Add(Graph subgraph, IReadOnlyList<Value> wanted)
    {
        HashSet<Node> needed = Upstream.Of(wanted.Select(v => v.Node));
        foreach (Node node in subgraph.Nodes.Where(n => needed.Contains(n) && n.Op != IR.Function.ArgOp))
        {
            try
            {
                Raise(node);
            }
            catch (ModelException e)
            {
                raiser.Miss(e);
                Guess(node);
            }
        }
    }

    private void Raise(Node node)
    {
        string name = SafeName(node.Name);
        if (node.Op == "Const")
        {
            _values[node] = _builder.Const(name, Constants.Of(node));
            return;
        }

        if (node.Op == TFLiteParts.TensorOp)
        {
            if (node.Tensors[0] is { IsVariable: true } state && Constants.FactOf(state) is { DType: DType.Float32, Shape.IsFullyKnown: true } fact && fact.Shape.ElementCount <= MostStates)
            {
                // Bytes without a sign begin at 0 themselves.
                float begin = state is { DType: DType.UInt8, Quantization.HasScale: true } && Ops.TFLite.Quantizing.Of(state) is var (scale, zero) ? -scale * zero : 0;
                _values[node] = _builder.Const(name, Tensor.Wrap([.. Enumerable.Repeat(begin, (int)fact.Shape.ElementCount)], fact.Shape));
                return;
            }

            if (node.Tensors[0].DType != DType.Invalid)
                throw ConvertErrors.UnsupportedOp.At(node.At(), "is a tensor that keeps its value from run to run, or that nothing writes", TFLiteRaiser.Hint);
            _values[node] = default;
            return;
        }

        if (RaisingTable.Find(node.Op) is not { } rule)
        {
            raiser.Miss(node.Op.Name);
            Guess(node);
            return;
        }

        int before = graph.IdLimit;
        Value[] results = rule(new RaisingContext(raiser, _builder, node, name, [.. node.Inputs.Select(i => i.IsPresent ? _values.GetValueOrDefault(i) : default)]));
        if (results is [var first, ..] && first.Node.Id >= before && first.Port == 0 && !graph.TryGet(name, out _))
            graph.Rename(first.Node, name);
        for (int port = 0; port < Math.Min(results.Length, node.Tensors.Count); port++)
        {
            _values[new Value(node, port)] = results[port];
            Declare(results[port], node.Tensors[port]);
        }
    }

    /// <summary>Tells the sizes that the file declares where inference leaves them open.</summary>
    private static void Declare(Value value, TensorSpec spec)
    {
        Fact fact = value.Node.Fact(value.Port);
        Shape declared = spec.Fact.Shape;
        if (!declared.HasRank || spec.MayHaveAnyRank || fact.Shape.IsFullyKnown || (fact.Shape.HasRank && fact.Shape.Rank != declared.Rank))
            return;
        Shape shape = !fact.Shape.HasRank ? declared : new Shape([.. fact.Shape.Dims.ToArray().Select((d, i) => d >= 0 ? d : declared[i])]);
        value.Node.Facts = [.. value.Node.Facts.Select((f, port) => port == value.Port ? f with { Shape = shape } : f)];
    }

    /// <summary>Stands for the outputs of an operator that is refused, so that the others are looked at, too.</summary>
    private void Guess(Node node)
    {
        for (int port = 0; port < node.Tensors.Count; port++)
        {
            var stand = new Node(node.Name, "Placeholder") { Facts = [Constants.FactOf(node.Tensors[port])] };
            graph.Attach(stand, graph.FreeName(SafeName(node.Name)));
            _values[new Value(node, port)] = stand;
        }
    }

    /// <summary>TensorFlow's names have letters, digits and <c>._-/\</c>, and begin with a letter, digit or dot.</summary>
    private static string SafeName(string name)
    {
        string safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' ? c : '_')).TrimStart('_', '-', '/');
        return safe.Length > 0 ? safe : "tensor";
    }
}
