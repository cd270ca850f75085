using Decant.IR;

namespace Decant.Passes.Freeze;

/// <summary>
/// Makes the paths of asset files constants where they are held in variables, as TensorFlow 2.0 to 2.5 saves them: a placeholder is fed with
/// the path, assigned to a variable, and read of it by what opens the file. The constant is the name of the file.
/// </summary>
internal static class AssetVariables
{
    public static void Resolve(Graph graph, Model source)
    {
        HashSet<Node> assigns = [.. graph.Nodes.Where(n => n.Op == "AssignVariableOp" && n.Inputs is [_, { Node: { Op.Name: "Placeholder" } fed }] && source.AssetPaths.ContainsKey(fed.Name))];
        if (assigns.Count == 0)
            return;
        var paths = new Dictionary<Node, Node>();
        foreach (Node assign in assigns)
        {
            Node path = assign.Inputs[1].Node;
            paths.TryAdd(TableInitializers.Source(assign.Inputs[0]).Node, path);
            (path.Op, path.Attributes, path.OutputNames) = ("Const", new AttributeMap { { "dtype", DType.String }, { "value", Tensor.FromStrings([Path.GetFileName(source.AssetPaths[path.Name])], Shape.Scalar) } }, null);
        }

        foreach (Node node in graph.Nodes)
        {
            node.ControlInputs.RemoveAll(assigns.Contains);
            if (node.Op != "ReadVariableOp" || !paths.TryGetValue(TableInitializers.Source(node.Inputs[0]).Node, out Node? path))
                continue;
            (node.Op, node.Attributes, node.OutputNames) = ("Identity", new AttributeMap { { "T", DType.String } }, null);
            node.Inputs[0] = path;
        }
    }
}
