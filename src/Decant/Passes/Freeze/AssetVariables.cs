using Decant.IR;

namespace Decant.Passes.Freeze;

/// <summary>
/// Makes the paths of asset files constants where they are held in variables, as TensorFlow 2.0 to 2.5 saves them: a placeholder is fed with
/// the path, assigned to a variable, and read of it by what opens the file.
/// </summary>
internal static class AssetVariables
{
    public static void Resolve(Graph graph, Model source)
    {
        foreach (Node assign in graph.Nodes.Where(n => n.Op == "AssignVariableOp" && n.Inputs is [_, { Node: { Op.Name: "Placeholder" } fed }] && source.AssetPaths.ContainsKey(fed.Name)).ToList())
        {
            Node variable = TableInitializers.Source(assign.Inputs[0]).Node, path = assign.Inputs[1].Node;
            foreach (Node read in graph.Nodes.Where(n => n.Op == "ReadVariableOp" && TableInitializers.Source(n.Inputs[0]).Node == variable))
            {
                (read.Op, read.Attributes, read.OutputNames) = ("Identity", new AttributeMap { { "T", DType.String } }, null);
                read.Inputs[0] = path;
            }

            foreach (Node node in graph.Nodes)
                node.ControlInputs.Remove(assign);
            (path.Op, path.Attributes, path.OutputNames) = ("Const", new AttributeMap { { "dtype", DType.String }, { "value", Tensor.FromStrings([Path.GetFileName(source.AssetPaths[path.Name])], Shape.Scalar) } }, null);
        }
    }
}
