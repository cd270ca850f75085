using Decant.IR;

namespace Decant.Passes;

/// <summary>
/// A function's results as nodes that read them, while passes run over its body: what a pass puts in the place of a result's
/// value is then read like anywhere else.
/// </summary>
internal sealed class FunctionResults
{
    private readonly List<Node> _results = [];
    private readonly List<Node> _effects = [];

    /// <summary>Adds the nodes.</summary>
    public FunctionResults(Function function)
    {
        Function = function;
        foreach ((FunctionArg result, Value value) in function.Results)
            _results.Add(function.Add(function.FreeName($"{result.Name}/result"), "_Retval", [value], new AttributeMap { { "T", OutputTypes.Of(value, new Dictionary<string, Function>()) }, { "index", _results.Count } }));
        foreach ((string name, Node node) in function.ControlResults)
        {
            Node effect = function.Add(function.FreeName($"{name}/effect"), "NoOp", []);
            effect.ControlInputs.Add(node);
            _effects.Add(effect);
        }
    }

    /// <summary>The function.</summary>
    public Function Function { get; }

    /// <summary>The nodes that no pass may remove: arguments and those that stand for results.</summary>
    public IEnumerable<Node> Kept => [.. Function.ArgNodes, .. _results, .. _effects];

    /// <summary>Makes what the nodes read now the function's results, and removes the nodes.</summary>
    public void Return()
    {
        for (int i = 0; i < _results.Count; i++)
            Function.Results[i] = (Function.Results[i].Result, _results[i].Inputs[0]);
        HashSet<Node> gone = [.. _results];
        for (int i = 0; i < _effects.Count; i++)
        {
            if (_effects[i].ControlInputs.Count != 1)
                continue;
            Function.ControlResults[i] = (Function.ControlResults[i].Name, _effects[i].ControlInputs[0]);
            gone.Add(_effects[i]);
        }

        Function.RemoveAll(gone.Contains);
    }
}
