using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorProtoFields;

namespace Decant.Formats.TFJS;

/// <summary>A model's graph with constants that have type and shape, but no value; in functions they have the function's name before theirs.</summary>
internal sealed class WeightlessModel
{
    /// <summary>The graph and functions.</summary>
    public Model Model { get; }

    /// <summary>The constants that were there, by the names of their weights, in the order in which the weights lie.</summary>
    public List<(string Name, Node Constant)> Constants { get; } = [];

    public WeightlessModel(Model model)
    {
        TensorFlowParts parts = model.TensorFlow.Clone();
        (parts.HasVersions, parts.UnknownGraph) = (true, default);
        var graph = new Graph(model.Graph.Nodes.Count);
        Model = new Model { Graph = graph, TensorFlow = parts };
        Copy(model.Graph, graph, "");
        foreach ((string name, Function function) in model.Functions)
        {
            var copy = new Function(function.Name, function.Nodes.Count) { Attributes = function.Attributes, IsStateful = function.IsStateful, UnknownSignature = function.UnknownSignature };
            copy.Args.AddRange(function.Args);
            Dictionary<Node, Node> copies = Copy(function, copy, $"{function.Name}/");
            copy.ArgNodes.AddRange(function.ArgNodes.Select(n => copies[n]));
            copy.Results.AddRange(function.Results.Select(r => (r.Result, r.Value with { Node = copies[r.Value.Node] })));
            copy.ControlResults.AddRange(function.ControlResults.Select(r => (r.Name, copies[r.Node])));
            Model.Functions.Add(name, copy);
        }
    }

    private Dictionary<Node, Node> Copy(Graph from, Graph to, string prefix)
    {
        var copies = new Dictionary<Node, Node>(from.Nodes.Count);
        foreach (Node node in from.Nodes)
        {
            bool isConstant = node.Op == "Const";
            string name = isConstant && !node.Name.StartsWith(prefix, StringComparison.Ordinal) ? prefix + node.Name : node.Name;
            Node copy = to.Add(name, node.Op);
            (copy.Attributes, copy.Device, copy.OutputNames) = (isConstant ? WithoutValue(node) : node.Attributes, node.Device, node.OutputNames);
            copies.Add(node, copy);
            if (isConstant)
                Constants.Add((name, node));
        }

        foreach ((Node node, Node copy) in copies)
        {
            foreach (Value input in node.Inputs)
                copy.Inputs.Add(input with { Node = copies[input.Node] });
            foreach (Node before in node.ControlInputs)
                copy.ControlInputs.Add(copies[before]);
        }

        return copies;
    }

    private static AttributeMap WithoutValue(Node node)
    {
        AttributeMap attributes = node.Attributes.Clone();
        if (node.Attributes["value"] is TensorAttr value)
        {
            byte[] tensor = ProtoWriter.ToBytes(w =>
            {
                w.Int64(F.DType, (long)value.DType);
                ShapeProto.Write(w, F.Shape, value.Shape);
            });
            attributes.Set("value", EncodedTensor.Read(new ProtoReader(new BufferSlice(tensor))));
        }

        return attributes;
    }
}
