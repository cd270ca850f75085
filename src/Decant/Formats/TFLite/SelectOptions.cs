using System.Text;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.Wire.FlatBuffers;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.TFLite;

/// <summary>The options of an op of TensorFlow in a model of TensorFlow Lite: a FlexBuffer vector of the op's name and a serialized NodeDef.</summary>
internal static class SelectOptions
{
    /// <summary>Sets the attributes that the NodeDef has; none when the options are of another form.</summary>
    /// <exception cref="ModelException">The bytes are no FlexBuffer, or no NodeDef is in them.</exception>
    public static void Read(BufferSlice options, string op, AttributeMap attributes)
    {
        if (FlexBuffer.Strings(options.Span) is not [var name, var definition] || Encoding.UTF8.GetString(name) != op)
            return;
        var map = new AttrReader(new NamePool());
        var reader = new ProtoReader(new BufferSlice(definition));
        while (reader.Next())
        {
            if (reader.Field == F.NodeDef.Attr)
                map.ReadEntry(reader.Message(), attributes);
        }
    }

    /// <summary>The options of a node that has TensorFlow's attributes. Its inputs have no names there.</summary>
    public static byte[] Write(Node node, string op)
    {
        byte[] definition = ProtoWriter.ToBytes(writer =>
        {
            writer.String(F.NodeDef.Name, node.Name);
            writer.String(F.NodeDef.Op, op);
            foreach (Value _ in node.Inputs)
                writer.String(F.NodeDef.Input, "");
            AttrWriter.WriteMap(writer, F.NodeDef.Attr, node.Attributes);
        });
        return FlexWriter.Write(new object[] { op, definition });
    }
}
