using System.Globalization;
using System.Security.Cryptography;
using Decant.IR;
using Decant.Ops.State;
using Decant.Passes;
using Decant.Runtime;

namespace Decant.Lowering;

/// <summary>Makes a subgraph of TensorFlow Lite's operators of a graph of TensorFlow's, a node at a time.</summary>
internal sealed class SubgraphLowering(LoweredModel shared, Model source, Graph graph, Function target)
{
    /// <summary>The most bytes of a constant that is compared with others; larger ones are told apart by where they come from.</summary>
    private const long LargestShared = 256 << 10;

    private readonly Dictionary<Value, Value> _values = [];
    private readonly HashSet<Value> _lists = [];
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<(DType, Shape, string), Node> _constants = [];
    private readonly Dictionary<(object, long, DType, Shape, string), Node> _transposed = [];
    private IReadOnlyCollection<Value> _results = [];

    public LoweredModel Shared => shared;

    public Model Source => source;

    public Function Target => target;

    public InferFacts Inference { get; } = new(source.Functions);

    /// <summary>Makes a node of the source an argument.</summary>
    public void AddArgument(Node node, string name, Fact fact, bool isList)
    {
        Node argument = target.AddArg(new FunctionArg(FreeName(name), fact.DType));
        argument.Facts = [fact with { Constant = null }];
        _values[node] = argument;
        if (isList)
            _lists.Add(argument);
    }

    /// <summary>Makes a node of the source a constant.</summary>
    public void AddConstant(Node node, TensorAttr value) => _values[node] = AddConst(node.Name, value);

    /// <summary>Lowers what some values need.</summary>
    public void Run(IReadOnlyCollection<Value> results)
    {
        _results = results;
        HashSet<Node> needed = Needed(results);
        foreach (Node node in TopologicalOrder.Of(graph))
        {
            if (!needed.Contains(node) || _values.ContainsKey(node))
                continue;
            if (node.Op == "Const" && node.Attributes["value"] is TensorAttr constant)
                _values[node] = AddConst(node.Name, constant);
            else if (GeluForm.Find(node) is { } gelu)
                _values[node] = AddGelu(node, gelu);
            else
                new NodeLowering(this, Shadow(node)).Run(node);
        }
    }

    /// <summary>Lowers what a value of a function needs, where the function's arguments are these values.</summary>
    public Value Inline(Function function, IReadOnlyList<Value> arguments, Value wanted)
    {
        var inner = new SubgraphLowering(shared, source, function, target);
        for (int i = 0; i < arguments.Count; i++)
        {
            inner._values[function.ArgNodes[i]] = arguments[i];
            if (_lists.Contains(arguments[i]))
                inner._lists.Add(arguments[i]);
        }

        inner.Run([wanted]);
        return inner.Result(wanted);
    }

    /// <summary>What became of a value.</summary>
    public Value Result(Value value) => _values.TryGetValue(value, out Value result) ? result
        : throw ConvertErrors.UnsupportedOp.At(value.Node.At(), $"output {value.Port} of {value.Node.Op} has no form in TensorFlow Lite", "name the outputs to keep with --outputs");

    public void Map(Value from, Value to) => _values[from] = to;

    /// <summary>How many outputs of a node of the source are read, up to the last one.</summary>
    public int ReadOutputs(Node node) => graph.Nodes.SelectMany(n => n.Inputs).Concat(_results).Where(v => v.IsPresent && v.Node == node).Select(v => v.Port + 1).Append(0).Max();

    public bool IsList(Value value) => _lists.Contains(value);

    public void MarkList(Value value) => _lists.Add(value);

    /// <summary>A constant; those with the same elements are one, unless they are large.</summary>
    public Node AddConst(string name, Tensor value)
    {
        if (!value.DType.HasFixedSize() || value.Data.Length > LargestShared)
            return AddConst(name, new TensorAttr(value));
        var key = (value.DType, value.Shape, Convert.ToHexString(SHA256.HashData(value.Data.Span)));
        return _constants.TryGetValue(key, out Node? node) ? node : _constants[key] = AddConst(name, new TensorAttr(value));
    }

    /// <summary>
    /// A large constant with its dimensions in another order, which is made while the model is written and takes no memory; once for all
    /// that read it so. Null for one that is small, or whose order is not good.
    /// </summary>
    public Node? AddTransposed(string name, TensorAttr constant, Tensor order)
    {
        Tensor source = constant.Value;
        int[] axes = order.DType == DType.Int32 ? order.Span<int>().ToArray() : [.. order.Span<long>().ToArray().Select(a => (int)a)];
        if (source.Data.Length <= LargestShared || !axes.Order().SequenceEqual(Enumerable.Range(0, source.Shape.Rank)) || !TransposedBuffer.Takes(source, axes))
            return null;
        // Bytes that are computed have another owner each time.
        object place = constant is ComputedTensor ? constant : source.Data.Owner!;
        var key = (place, source.Data.Offset, source.DType, source.Shape, string.Join(',', axes));
        if (!_transposed.TryGetValue(key, out Node? node))
            _transposed[key] = node = AddConst(name, new ComputedTensor(source.DType, new Shape([.. axes.Select(a => source.Shape[a])]), () => TransposedBuffer.Of(constant.Value, axes)) { Bound = (constant as ComputedTensor)?.Bound ?? double.PositiveInfinity });
        return node;
    }

    /// <summary>A name that no node has yet.</summary>
    public string FreeName(string wanted)
    {
        string name = wanted;
        while (target.TryGet(name, out _))
        {
            int number = _used.GetValueOrDefault(wanted) + 1;
            _used[wanted] = number;
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{number}");
        }

        return name;
    }

    private Node AddConst(string name, TensorAttr value)
    {
        Node node = target.Add(FreeName(name), "Const");
        node.Attributes.Set("dtype", value.DType);
        node.Attributes.Set("value", value);
        Inference.Node(node);
        return node;
    }

    /// <summary>The operator for nodes that compute it together; those inside go with what nobody needs.</summary>
    private Node AddGelu(Node last, GeluForm form)
    {
        Node gelu = target.Add(FreeName(last.Name), new OpName(Dialect.TFLite, "GELU"), [Operand(form.X)], new() { { "approximate", form.IsApproximate } });
        gelu.Facts = [last.Fact(0) with { Constant = null }];
        return gelu;
    }

    /// <summary>The node with its inputs in the new graph, and what is known of its outputs from both graphs.</summary>
    private Node Shadow(Node node)
    {
        var shadow = new Node(node.Name, node.Op) { Attributes = node.Attributes };
        foreach (Value input in node.Inputs)
            shadow.Inputs.Add(!input.IsPresent ? input : StateLowering.Writes(node) ? Result(input) : Operand(input));
        Inference.Node(shadow);
        shadow.Facts = node.Facts.Count == 0 || shadow.Facts.Count != node.Facts.Count ? node.Facts.Count == 0 ? shadow.Facts : node.Facts : [.. node.Facts.Zip(shadow.Facts, Merge)];
        return shadow;
    }

    /// <summary>What became of a value; TensorFlow reads a variable where a reference to it is an operand.</summary>
    public Value Operand(Value value)
    {
        Value result = Result(value);
        if (!StateLowering.IsReference(value.Node) || result.Node.Fact(result.Port).Handle is not { } variable)
            return result;
        Node read = target.Add(FreeName($"{value.Node.Name}/READ_VARIABLE"), StateLowering.ReadVariable, [result]);
        read.Facts = [variable];
        return read;
    }

    private static Fact Merge(Fact known, Fact inferred)
    {
        if (!known.Shape.HasRank || !inferred.Shape.HasRank || known.Shape.Rank != inferred.Shape.Rank)
            return known.Shape.HasRank ? known : known with { Shape = inferred.Shape };
        return known with { Shape = new Shape([.. Enumerable.Range(0, known.Shape.Rank).Select(i => known.Shape[i] >= 0 ? known.Shape[i] : inferred.Shape[i])]) };
    }

    /// <summary>What values need by data, and what changes variables before: what else only must have run, such as checks, is left out.</summary>
    private HashSet<Node> Needed(IEnumerable<Value> results)
    {
        Node[] roots = [.. results.Select(r => r.Node)];
        IEnumerable<Node> writes = Closure([.. roots, .. graph is Function function ? function.ControlResults.Select(c => c.Node) : []], n => n.ControlInputs).Where(n => StateLowering.Writes(n) && n.Inputs.Count > 1);
        return Closure([.. roots, .. writes], _ => []);
    }

    private static HashSet<Node> Closure(IEnumerable<Node> roots, Func<Node, IEnumerable<Node>> more)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>(roots);
        while (open.TryPop(out Node? node))
        {
            if (!needed.Add(node))
                continue;
            foreach (Value input in node.Inputs)
            {
                if (input.IsPresent)
                    open.Push(input.Node);
            }

            foreach (Node before in more(node))
                open.Push(before);
        }

        return needed;
    }
}
