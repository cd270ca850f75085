using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Passes;

/// <summary>
/// Computes what is known of every value without running the graph: by the ops' own inference, and by the catalogue's types
/// for ops that have none. Functions learn from their callers; a function with several callers knows what holds for all.
/// </summary>
public sealed class InferFacts
{
    /// <summary>A loop's variables are inferred again until nothing changes; after this many times their shapes count as unknown.</summary>
    private const int MaxIterations = 8;

    /// <summary>Functions are followed into one another this deep, as the engine does.</summary>
    private const int MaxDepth = 256;

    private readonly IReadOnlyDictionary<string, Function> _functions;
    private readonly OpTable _ops;
    private readonly List<Diagnostic> _faults = [];
    private readonly Dictionary<string, IReadOnlyList<Fact>> _arguments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    /// <summary>An inference over a model's functions.</summary>
    public InferFacts(IReadOnlyDictionary<string, Function> functions, OpTable? ops = null) => (_functions, _ops) = (functions, ops ?? OpTable.All);

    /// <summary>Infers a model's graph and the functions that it calls.</summary>
    /// <returns>What the inference of some ops found to be wrong; their outputs' types are the catalogue's.</returns>
    /// <exception cref="ModelException">The graph has a cycle.</exception>
    public static IReadOnlyList<Diagnostic> Run(Model model, OpTable? ops = null)
    {
        var inference = new InferFacts(model.Functions, ops);
        inference.Graph(model.Graph);
        return inference._faults;
    }

    /// <summary>Infers one node again from its inputs' facts.</summary>
    /// <returns>Whether its facts changed.</returns>
    public bool Node(Node node)
    {
        IReadOnlyList<Fact> facts = Outputs(node);
        if (facts.SameAs(node.Facts))
            return false;
        node.Facts = facts;
        return true;
    }

    private void Graph(Graph graph)
    {
        foreach (Node node in TopologicalOrder.Of(graph))
        {
            if (node.Op != Function.ArgOp)
                node.Facts = Outputs(node);
        }
    }

    private IReadOnlyList<Fact> Outputs(Node node)
    {
        IReadOnlyList<Fact> declared = Declared(node);
        switch (node.Op.Name)
        {
            case "If" or "StatelessIf" or "Case" or "StatelessCase":
                return Branches(node, declared);
            case "While" or "StatelessWhile":
                return Loop(node, declared);
            case "PartitionedCall" or "StatefulPartitionedCall":
                return Call(Effects.Called(node).FirstOrDefault(), [.. node.Inputs.Select(Of)]) ?? declared;
            case "Switch" or "RefSwitch" or "Enter" or "RefEnter" when node.Inputs.Count > 0:
                return [.. declared.Select(f => f with { Shape = Of(node.Inputs[0]).Shape })];
        }

        if (_functions.ContainsKey(node.Op.Name))
            return Call(node.Op.Name, [.. node.Inputs.Select(Of)]) ?? declared;
        if (!_ops.TryGet(node.Op, out Op? op) || op is not IInfersFacts inferring)
            return declared;
        try
        {
            var context = new InferenceContext(node);
            inferring.Infer(context);
            var facts = new Fact[context.Outputs.Count];
            for (int i = 0; i < facts.Length; i++)
                facts[i] = context.Outputs[i] is { DType: DType.Invalid } open && i < declared.Count ? open with { DType = declared[i].DType } : context.Outputs[i];
            return facts;
        }
        catch (ModelException e)
        {
            _faults.AddRange(e.Diagnostics.Select(d => d.Location is null ? d with { Location = node.At() } : d));
            return declared;
        }
    }

    private IReadOnlyList<Fact> Declared(Node node)
    {
        if (node.Op.Dialect != Dialect.TensorFlow)
            return node.Facts;
        IReadOnlyList<DType> types = OpCatalogue.Find(node.Op.Name)?.OutputTypes(node.Attributes)
            ?? (_functions.TryGetValue(node.Op.Name, out Function? called) ? [.. called.Results.Select(r => r.Result.TypeOf(node.Attributes))] : []);
        var facts = new Fact[types.Count];
        for (int i = 0; i < facts.Length; i++)
            facts[i] = new Fact(types[i].Deref(), Shape.Unknown);
        return facts;
    }

    private IReadOnlyList<Fact> Branches(Node node, IReadOnlyList<Fact> declared)
    {
        Fact[] arguments = [.. node.Inputs.Skip(1).Select(Of)];
        IReadOnlyList<Fact>? joined = null;
        foreach (string name in Effects.Called(node))
        {
            if (Call(name, arguments) is not { } results || results.Count != declared.Count)
                return declared;
            joined = joined is null ? results : Facts.Join(joined, results);
        }

        return joined is null ? declared : [.. joined.Select((f, i) => f.DType == DType.Invalid ? f with { DType = declared[i].DType } : f)];
    }

    private IReadOnlyList<Fact> Loop(Node node, IReadOnlyList<Fact> declared)
    {
        if (node.Attributes["body"] is not FunctionAttr body || node.Attributes["cond"] is not FunctionAttr condition)
            return declared;
        IReadOnlyList<Fact> variables = [.. node.Inputs.Select(v => Of(v) with { Constant = null })];
        for (int i = 0; ; i++)
        {
            if (i == MaxIterations)
                variables = [.. variables.Select(v => v with { Shape = Shape.Unknown })];
            if (Call(body.Name, variables) is not { } next || next.Count != variables.Count)
                return declared;
            IReadOnlyList<Fact> joined = Facts.Join(variables, next);
            if (i == MaxIterations || joined.SameAs(variables))
                break;
            variables = joined;
        }

        Call(condition.Name, variables);
        return variables;
    }

    /// <summary>The facts of a function's results for these arguments, or null when they cannot be told.</summary>
    private IReadOnlyList<Fact>? Call(string? name, IReadOnlyList<Fact> arguments)
    {
        if (name is null || !_functions.TryGetValue(name, out Function? function) || function.Args.Count != arguments.Count || _running.Count >= MaxDepth || !_running.Add(name))
            return null;
        bool known = _arguments.TryGetValue(name, out IReadOnlyList<Fact>? before);
        IReadOnlyList<Fact> joined = known ? Facts.Join(before!, arguments) : arguments;
        if (!known || !joined.SameAs(before!))
        {
            _arguments[name] = joined;
            for (int i = 0; i < joined.Count; i++)
                function.ArgNodes[i].Facts = [joined[i].DType == DType.Invalid ? joined[i] with { DType = function.Args[i].DType } : joined[i]];
            Graph(function);
        }

        _running.Remove(name);
        return [.. function.Results.Select(r => Of(r.Value))];
    }

    private static Fact Of(Value value) => value.IsPresent ? value.Node.Fact(value.Port) : Fact.None;
}
