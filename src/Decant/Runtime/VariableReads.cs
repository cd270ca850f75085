using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Ops.State;

namespace Decant.Runtime;

/// <summary>
/// The variables that a program only reads. Their values are taken for constants, so that weights are packed and normalizations
/// folded; a program whose variables were assigned since is built again, and then takes them as they come.
/// </summary>
internal sealed class VariableReads
{
    private readonly Dictionary<Node, Variable> _readOnly = [];
    private readonly Dictionary<Variable, Func<Tensor>> _readers = [];

    /// <param name="nodes">The nodes of the program.</param>
    /// <param name="resources">The session's variables.</param>
    /// <param name="changing">Variables that are known to be assigned between runs.</param>
    public VariableReads(IReadOnlyList<Node> nodes, ResourceStore resources, IReadOnlySet<Variable> changing)
    {
        var written = new HashSet<Variable>(changing);
        var found = new Dictionary<Node, Variable>();
        foreach (Node node in nodes)
        {
            if (node.Op.Name is "VarHandleOp" or "Variable" or "VariableV2" && resources.TryGet(ResourceName.Of(node) ?? node.Name, out Variable? variable))
                found[node] = variable;
        }

        foreach (Node node in nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i].IsPresent && found.TryGetValue(node.Inputs[i].Node, out Variable? variable) && !Reads(node, i))
                    written.Add(variable);
            }
        }

        foreach ((Node node, Variable variable) in found)
        {
            if (!written.Contains(variable) && variable.Value is not null)
                _readOnly[node] = variable;
        }
    }

    /// <summary>The variables with the numbers of assignments that their values are of.</summary>
    public HashSet<(Variable Variable, int Version)> Assumed { get; } = [];

    /// <summary>The value that a node reads from a variable that nobody writes; null for other nodes.</summary>
    public Func<Tensor>? Find(Node node)
    {
        Node? source = node.Op.Name is "ReadVariableOp" && node.Inputs.Count == 1 && node.Inputs[0].Node?.Op.Name == "VarHandleOp" ? node.Inputs[0].Node
            : node.Op.Name is "Variable" or "VariableV2" ? node : null;
        if (source is null || !_readOnly.TryGetValue(source, out Variable? variable) || variable.Value is not { } value)
            return null;
        if (node.Attributes["dtype"] is TypeAttr { Value: var dtype } && dtype.Deref() != value.DType)
            return null;
        Assumed.Add((variable, variable.Version));
        if (!_readers.TryGetValue(variable, out Func<Tensor>? read))
            _readers[variable] = read = () => variable.Value!;
        return read;
    }

    private static bool Reads(Node node, int input)
    {
        if (node.Op.Name is "ReadVariableOp" or "VarIsInitializedOp" or "VariableShape" or "ResourceGather" or "ResourceGatherNd" or "DisableCopyOnRead")
            return true;
        if (node.Inputs[input].Node.Op.Name == "VarHandleOp" || OpCatalogue.Find(node.Op.Name) is not { } op)
            return false;
        return !op.Inputs.Any(a => a.IsRef) && !op.Outputs.Any(a => a.IsRef) && op.Name is not ("Switch" or "Merge" or "Enter");
    }
}
