using Decant.Formats.Checkpoint;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Variables;

/// <summary>An object of a SavedObjectGraph.</summary>
/// <param name="Variable">The name of the variable that it is; null for others.</param>
/// <param name="Children">The objects that it holds.</param>
/// <param name="Metadata">What Keras of TensorFlow before 2.5 tells of it, as JSON; empty for others.</param>
internal sealed record SavedObject(string? Variable, IReadOnlyList<(string Name, int Node)> Children, BufferSlice Metadata)
{
    /// <summary>The names of its concrete functions, where it is a function.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>The node of the main graph that has its value, where it is a constant; null for others.</summary>
    public string? Constant { get; init; }
}

/// <summary>
/// The variables of a SavedObjectGraph by their names, with their keys in the checkpoint: object graph and checkpoint name
/// the same children, so both are walked side by side from their roots.
/// </summary>
internal static class SavedObjects
{
    private const int NodesField = 1, ChildrenField = 1, NodeIdField = 1, LocalNameField = 2, VariableField = 7, VariableNameField = 6, UserObjectField = 4, MetadataField = 3;
    private const int FunctionField = 6, BareFunctionField = 8, FunctionNamesField = 1, ConstantField = 9, ConstantNodeField = 1;
    private const string ValueAttribute = "VARIABLE_VALUE";

    /// <summary>The key of each variable whose name is that of one variable only.</summary>
    public static Dictionary<string, string> Keys(BufferSlice objectGraph, TrackableObjectGraph checkpoint)
    {
        List<SavedObject> objects = Read(objectGraph);
        return KeysByNode(objects, checkpoint).Where(k => objects[k.Key].Variable is not null).GroupBy(k => objects[k.Key].Variable!).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().Value);
    }

    /// <summary>The key of each variable by the number of its object.</summary>
    public static Dictionary<int, string> KeysByNode(IReadOnlyList<SavedObject> objects, TrackableObjectGraph checkpoint)
    {
        var keys = new Dictionary<int, string>();
        var queue = new Queue<(int Saved, int Tracked)>();
        if (objects.Count > 0 && checkpoint.Nodes.Count > 0)
            queue.Enqueue((0, 0));
        var visited = new HashSet<int>();
        while (queue.TryDequeue(out (int Saved, int Tracked) pair))
        {
            if (!visited.Add(pair.Saved))
                continue;
            TrackableObject tracked = checkpoint.Nodes[pair.Tracked];
            if (objects[pair.Saved].Variable is not null && tracked.Attributes.FirstOrDefault(a => a.Name == ValueAttribute) is { } value)
                keys.Add(pair.Saved, value.CheckpointKey);
            foreach ((string name, int node) in objects[pair.Saved].Children)
            {
                if (node >= 0 && node < objects.Count && tracked.Children.FirstOrDefault(c => c.LocalName == name) is { } child)
                    queue.Enqueue((node, child.NodeId));
            }
        }

        return keys;
    }

    /// <summary>The objects of an encoded graph; the first is the root.</summary>
    public static List<SavedObject> Read(BufferSlice objectGraph)
    {
        List<SavedObject> objects = [];
        var reader = new ProtoReader(objectGraph);
        while (reader.Next())
        {
            if (reader.Field != NodesField)
                continue;
            string? variable = null;
            BufferSlice metadata = default;
            string? constant = null;
            List<(string, int)> children = [];
            List<string> functions = [];
            ProtoReader node = reader.Message();
            while (node.Next())
            {
                if (node.Field == ChildrenField)
                    children.Add(ReadChild(node.Message()));
                else if (node.Field == VariableField)
                    variable = ReadTexts(node.Message(), VariableNameField).LastOrDefault("");
                else if (node.Field is FunctionField or BareFunctionField)
                    functions.AddRange(ReadTexts(node.Message(), FunctionNamesField));
                else if (node.Field == ConstantField)
                    constant = ReadTexts(node.Message(), ConstantNodeField).LastOrDefault();
                else if (node.Field == UserObjectField)
                    metadata = ReadMetadata(node.Message());
            }

            objects.Add(new SavedObject(variable, children, metadata) { Functions = functions, Constant = constant });
        }

        return objects;
    }

    private static BufferSlice ReadMetadata(ProtoReader reader)
    {
        BufferSlice metadata = default;
        while (reader.Next())
        {
            if (reader.Field == MetadataField)
                metadata = reader.Bytes();
        }

        return metadata;
    }

    private static (string Name, int Node) ReadChild(ProtoReader reader)
    {
        (string name, int node) = ("", 0);
        while (reader.Next())
        {
            if (reader.Field == NodeIdField)
                node = reader.Int32();
            else if (reader.Field == LocalNameField)
                name = reader.String();
        }

        return (name, node);
    }

    private static List<string> ReadTexts(ProtoReader reader, int field)
    {
        List<string> texts = [];
        while (reader.Next())
        {
            if (reader.Field == field)
                texts.Add(reader.String());
        }

        return texts;
    }
}
