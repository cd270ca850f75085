using Decant.IR;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>Writes a model's graph and functions as a binary GraphDef: the same bytes for the same model.</summary>
internal static class GraphDefWriter
{
    /// <summary>Writes the fields of a GraphDef; the writer may stand inside a message that holds it.</summary>
    public static void Write(ProtoWriter writer, Model model)
    {
        if (model.TFLite is not null)
            throw FormatErrors.FormatNotSupported.At(new Location(model.Path.Length > 0 ? model.Path : null), "the model's operators are TensorFlow Lite's, which a GraphDef does not have", "write it as tflite");
        foreach (Node node in model.Graph.Nodes)
            WriteNode(writer, F.Graph.Node, node, static value => value.ToString());
        if (model.Functions.Count > 0 || model.TensorFlow.HasLibrary)
        {
            writer.Begin(F.Graph.Library);
            var ports = new FunctionPorts(model.Functions);
            foreach (Function function in model.Functions.Values)
                FunctionWriter.Write(writer, F.Library.Function, function, ports);
            writer.Raw(model.TensorFlow.UnknownLibrary);
            writer.End();
        }

        if (model.TensorFlow.HasVersions || !model.TensorFlow.Versions.IsEmpty)
            writer.Bytes(F.Graph.Versions, model.TensorFlow.Versions);
        writer.Raw(model.TensorFlow.UnknownGraph);
    }

    public static void WriteNode(ProtoWriter writer, int field, Node node, Func<Value, string> spell)
    {
        writer.Begin(field);
        writer.String(F.NodeDef.Name, node.Name);
        writer.String(F.NodeDef.Op, node.Op.Name);
        foreach (Value input in node.Inputs)
            writer.String(F.NodeDef.Input, spell(input));
        foreach (Node before in node.ControlInputs)
            writer.String(F.NodeDef.Input, "^" + before.Name);
        writer.StringDefault(F.NodeDef.Device, node.Device);
        AttrWriter.WriteMap(writer, F.NodeDef.Attr, node.Attributes);
        writer.Raw(node.Unknown);
        writer.End();
    }
}
