using Decant.IR;

namespace Decant.Passes;

/// <summary>Copies of nodes, graphs and models that can be changed freely. Tensors are shared, not copied.</summary>
internal static class Copies
{
    /// <summary>A copy of a node in another graph, without its edges.</summary>
    public static Node CopyTo(this Node node, Graph target, string? name = null)
    {
        Node copy = target.Add(name ?? node.Name, node.Op);
        copy.Attributes = node.Attributes.Clone();
        copy.Device = node.Device;
        copy.Facts = node.Facts;
        copy.Unknown = node.Unknown;
        copy.OutputNames = node.OutputNames;
        copy.Tensors = node.Tensors;
        return copy;
    }

    /// <summary>Copies nodes with the edges between them into a graph; edges to other nodes are an error of the caller.</summary>
    public static Dictionary<Node, Node> CopyTo(this IReadOnlyCollection<Node> nodes, Graph target)
    {
        var copies = new Dictionary<Node, Node>(nodes.Count);
        foreach (Node node in nodes)
            copies[node] = node.CopyTo(target);
        foreach ((Node node, Node copy) in copies)
        {
            foreach (Value input in node.Inputs)
                copy.Inputs.Add(input.IsPresent ? input with { Node = copies[input.Node] } : input);
            foreach (Node before in node.ControlInputs)
                copy.ControlInputs.Add(copies[before]);
        }

        return copies;
    }

    /// <summary>A copy of a function, under another name if one is given.</summary>
    public static Function Copy(this Function function, string? name = null)
    {
        Function copy = function.CopySignature(name);
        Dictionary<Node, Node> copies = function.Nodes.CopyTo(copy);
        copy.ArgNodes.AddRange(function.ArgNodes.Select(n => copies[n]));
        foreach ((FunctionArg result, Value value) in function.Results)
            copy.Results.Add((result, value with { Node = copies[value.Node] }));
        foreach ((string output, Node node) in function.ControlResults)
            copy.ControlResults.Add((output, copies[node]));
        return copy;
    }

    /// <summary>A function with the arguments (without their nodes) and attributes of another, and nothing else.</summary>
    public static Function CopySignature(this Function function, string? name = null)
    {
        var copy = new Function(name ?? function.Name)
        {
            Attributes = function.Attributes.Clone(),
            IsStateful = function.IsStateful,
            UnknownSignature = function.UnknownSignature,
            Unknown = function.Unknown,
        };
        copy.Args.AddRange(function.Args);
        return copy;
    }

    /// <summary>
    /// A model with another graph and what else the model holds except its functions. It does not own the files that
    /// the model keeps open, which must stay open as long as it is used.
    /// </summary>
    public static Model WithGraph(this Model model, Graph graph)
    {
        var copy = new Model { Graph = graph, Format = model.Format, Path = model.Path, TensorFlow = model.TensorFlow.Clone(), TFLite = model.TFLite?.Clone(), TFJS = model.TFJS?.Clone(), AssetPaths = model.AssetPaths };
        copy.ShareVariables(model);
        copy.Signatures.AddRange(model.Signatures);
        return copy;
    }

    /// <summary>A copy of the whole model, under the same rule about files.</summary>
    public static Model Copy(this Model model)
    {
        Graph graph = model.Graph is Function main ? main.Copy() : new Graph(model.Graph.Nodes.Count);
        if (model.Graph is not Function)
            model.Graph.Nodes.CopyTo(graph);
        Model copy = model.WithGraph(graph);
        foreach ((string name, Function function) in model.Functions)
            copy.Functions.Add(name, function.Copy());
        return copy;
    }
}
