using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Ops.Lowering;
using Decant.Passes;
using Decant.Runtime;

namespace Decant.Lowering;

/// <summary>What the subgraphs of one model share while they are made.</summary>
internal sealed class LoweredModel(ConvertOptions options, bool embedsLists)
{
    private readonly Dictionary<string, Function> _lowered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<TensorAttr, int> _constants = new(ReferenceEqualityComparer.Instance);

    public ConvertOptions Options => options;

    /// <summary>Whether ops on TensorLists and TensorArrays are embedded instead of being lowered to ops on the tensor of their elements.</summary>
    public bool EmbedsLists => embedsLists;

    /// <summary>Whether an op on a TensorList or TensorArray was not lowered, or one that reads such a list.</summary>
    public bool RefusesLists { get; set; }

    /// <summary>The variables that stay variables, as they are written to, by the names of their nodes.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The subgraph that fills what a session keeps, when there is anything.</summary>
    public Function? Initializer { get; set; }

    /// <summary>What it fills, by the names of variables and of the nodes that fill tables.</summary>
    public HashSet<string> Initialized { get; } = new(StringComparer.Ordinal);

    /// <summary>The subgraphs in the order in which they are first called, those of signatures first.</summary>
    public List<Function> Subgraphs { get; } = [];

    /// <summary>Why nodes were not lowered, by the nodes that stand for them.</summary>
    public Dictionary<Node, Diagnostic> Refused { get; } = [];

    /// <summary>Computes ops of constants.</summary>
    public Engine Engine { get; } = new(new Dictionary<string, Function>(), OpTable.All, WorkerPool.Shared);

    /// <summary>The values of lookup tables that do not hold them, by the number of the table.</summary>
    public Dictionary<int, Tensor> TableValues { get; } = [];

    /// <summary>The number of a lookup table.</summary>
    public int TableNumber(string name)
    {
        if (!_tables.TryGetValue(name, out int number))
            _tables[name] = number = _tables.Count;
        return number;
    }

    /// <summary>A name for a subgraph that is free.</summary>
    public string FreeName(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>A function of the source for arguments of which this is known; the same one for the same facts and constants.</summary>
    public Function Function(Model source, string name, IReadOnlyList<LoweredArgument> arguments, bool isBody, ModelException cycle)
    {
        string key = $"{name}({string.Join(',', arguments.Select(Key))})";
        if (_lowered.TryGetValue(key, out Function? done))
            return done;
        if (!_open.Add(name))
            throw cycle;
        Function function = source.Functions[name];
        var target = new Function(FreeName(name));
        Subgraphs.Add(target);
        var lowering = new SubgraphLowering(this, source, function, target);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Constant is { } constant)
                lowering.AddConstant(function.ArgNodes[i], constant);
            else
                lowering.AddArgument(function.ArgNodes[i], function.Args[i].Name, arguments[i].Fact, arguments[i].IsList);
        }

        (FunctionArg Result, Value Value)[] results = [.. function.Results.Where((_, i) => !isBody || arguments[i].Constant is null)];
        lowering.Run([.. results.Select(r => r.Value)]);
        foreach ((FunctionArg result, Value value) in results)
            target.Results.Add((new FunctionArg(result.Name, DType.Invalid), lowering.Result(value)));
        _open.Remove(name);
        return _lowered[key] = target;
    }

    private string Key(LoweredArgument argument)
    {
        if (argument.Constant is not { } constant)
            return argument.IsList ? $"list {argument.Fact}" : argument.Fact.ToString();
        if (!_constants.TryGetValue(constant, out int number))
            _constants[constant] = number = _constants.Count;
        return $"constant {number}";
    }
}
