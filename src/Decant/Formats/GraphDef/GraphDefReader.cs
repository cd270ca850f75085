using Decant.IR;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>Reads a binary GraphDef into a model. Tensors stay where they lie.</summary>
internal static class GraphDefReader
{
    private const int MaxReserved = 1 << 21;

    public static void Read(ProtoReader reader, Model model)
    {
        model.Graph.EnsureCapacity(CountNodes(reader));
        var names = new NamePool();
        var nodes = new NodeReader(model.Graph, names);
        var functions = new FunctionReader(model.Functions, names);
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.Graph.Node:
                    nodes.Read(reader.Message());
                    break;
                case F.Graph.Library:
                    ReadLibrary(reader.Message(), functions, model.TensorFlow);
                    break;
                case F.Graph.Versions:
                    model.TensorFlow.Versions = reader.Bytes();
                    model.TensorFlow.HasVersions = true;
                    model.TensorFlow.Producer = Producer(model.TensorFlow.Versions);
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        model.TensorFlow.UnknownGraph = unknown.ToSlice();
        nodes.ResolveInputs(null);
        functions.ResolveBodies();
    }

    /// <summary>The number of nodes, for which room is made at once; a lie about it costs no more than the limit.</summary>
    private static int CountNodes(ProtoReader reader)
    {
        int count = 0;
        while (count < MaxReserved && reader.Next())
        {
            if (reader.Field == F.Graph.Node && reader.WireType == WireType.Bytes)
                count++;
        }

        return count;
    }

    private static void ReadLibrary(ProtoReader reader, FunctionReader functions, TensorFlowParts parts)
    {
        parts.HasLibrary = true;
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            if (reader.Field == F.Library.Function)
                functions.ReadSignatureAndNodes(reader.Message());
            else
                unknown.Keep(ref reader);
        }

        parts.UnknownLibrary = unknown.ToSlice();
    }

    private static int Producer(BufferSlice versions)
    {
        var reader = new ProtoReader(versions);
        int producer = 0;
        while (reader.Next())
        {
            if (reader.Field == 1)
                producer = reader.Int32();
        }

        return producer;
    }
}
