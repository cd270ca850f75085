using Decant.IR;

namespace Decant.Passes;

/// <summary>
/// A function's results as nodes that read them, while passes run over its body: what a pass puts in the place of a result's
/// value is then read like anywhere else.
/// </summary>
internal sealed class FunctionResults
{
    private readonly List<Node> _results = [];
    private readonly List<(Node Node, bool IsAdded)> _effects = [];

    /// <summary>Adds the nodes.</summary>
    public FunctionResults(Function function)
    {
        Function = function;
        foreach ((FunctionArg result, Value value) in function.Results)
            _results.Add(function.Add(function.FreeName($"{result.Name}/result"), "_Retval", [value], new AttributeMap { { "T", OutputTypes.Of(value, new Dictionary<string, Function>()) }, { "index", _results.Count } }));
        foreach ((string name, Node node) in function.ControlResults)
        {
            // One that stood for several effects, or none, already does.
            if (node.Op.Name == "NoOp")
            {
                _effects.Add((node, false));
                continue;
            }

            Node effect = function.Add(function.FreeName($"{name}/effect"), "NoOp", []);
            effect.ControlInputs.Add(node);
            _effects.Add((effect, true));
        }
    }

    /// <summary>The function.</summary>
    public Function Function { get; }

    /// <summary>The nodes that no pass may remove: arguments and those that stand for results.</summary>
    public IEnumerable<Node> Kept => [.. Function.ArgNodes, .. _results, .. _effects.Select(e => e.Node)];

    /// <summary>Makes what the nodes read now the function's results, and removes the nodes; one that waits for several nodes now, or for none, stays.</summary>
    public void Return()
    {
        for (int i = 0; i < _results.Count; i++)
            Function.Results[i] = (Function.Results[i].Result, _results[i].Inputs[0]);
        HashSet<Node> gone = [.. _results];
        for (int i = 0; i < _effects.Count; i++)
        {
            (Node effect, bool isAdded) = _effects[i];
            bool isOne = isAdded && effect.ControlInputs.Count == 1;
            Function.ControlResults[i] = (Function.ControlResults[i].Name, isOne ? effect.ControlInputs[0] : effect);
            if (isOne)
                gone.Add(effect);
        }

        Function.RemoveAll(gone.Contains);
    }
}
