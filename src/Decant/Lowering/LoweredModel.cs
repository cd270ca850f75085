using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Passes;
using Decant.Runtime;

namespace Decant.Lowering;

/// <summary>What the subgraphs of one model share while they are made.</summary>
internal sealed class LoweredModel(ConvertOptions options, bool embedsLists)
{
    private readonly Dictionary<string, Function> _lowered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ConvertOptions Options => options;

    /// <summary>Whether ops on TensorLists and TensorArrays are embedded instead of being lowered to ops on the tensor of their elements.</summary>
    public bool EmbedsLists => embedsLists;

    /// <summary>The subgraphs in the order in which they are first called, those of signatures first.</summary>
    public List<Function> Subgraphs { get; } = [];

    /// <summary>Why nodes were not lowered, by the nodes that stand for them.</summary>
    public Dictionary<Node, Diagnostic> Refused { get; } = [];

    /// <summary>Computes ops of constants.</summary>
    public Engine Engine { get; } = new(new Dictionary<string, Function>(), OpTable.All, WorkerPool.Shared);

    /// <summary>A name for a subgraph that is free.</summary>
    public string FreeName(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>A function of the source for arguments of which this is known; the same one for the same facts.</summary>
    public Function Function(Model source, string name, IReadOnlyList<Fact> arguments, IReadOnlyList<bool> lists, ModelException cycle)
    {
        string key = $"{name}({string.Join(',', arguments.Zip(lists, (a, l) => l ? $"list {a}" : a.ToString()))})";
        if (_lowered.TryGetValue(key, out Function? done))
            return done;
        if (!_open.Add(name))
            throw cycle;
        Function function = source.Functions[name];
        var target = new Function(FreeName(name));
        Subgraphs.Add(target);
        var lowering = new SubgraphLowering(this, source, function, target);
        for (int i = 0; i < arguments.Count; i++)
            lowering.AddArgument(function.ArgNodes[i], function.Args[i].Name, arguments[i], lists[i]);
        lowering.Run([.. function.Results.Select(r => r.Value)]);
        for (int i = 0; i < function.Results.Count; i++)
            target.Results.Add((new FunctionArg(function.Results[i].Result.Name, DType.Invalid), lowering.Result(function.Results[i].Value)));
        _open.Remove(name);
        return _lowered[key] = target;
    }
}
