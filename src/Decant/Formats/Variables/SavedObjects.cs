using Decant.Formats.Checkpoint;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Variables;

/// <summary>An object of a SavedObjectGraph.</summary>
/// <param name="Variable">The name of the variable that it is; null for others.</param>
/// <param name="Children">The objects that it holds.</param>
/// <param name="Metadata">What Keras of TensorFlow before 2.5 tells of it, as JSON; empty for others.</param>
internal sealed record SavedObject(string? Variable, IReadOnlyList<(string Name, int Node)> Children, BufferSlice Metadata)
{
    /// <summary>The number of its file among the assets; null for others than assets.</summary>
    public int? Asset { get; init; }

    /// <summary>The node of the main graph that holds its value; null for others than constants.</summary>
    public string? Constant { get; init; }

    /// <summary>The functions of the library that it is, one for each kind of arguments; empty for others than functions.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>The number of the object that it holds by a name; null when there is none.</summary>
    public int? Find(IReadOnlyList<SavedObject> objects, string name) =>
        Children.Where(c => c.Name == name && c.Node >= 0 && c.Node < objects.Count).Select(c => (int?)c.Node).FirstOrDefault();
}

/// <summary>
/// The variables of a SavedObjectGraph by their names, with their keys in the checkpoint: object graph and checkpoint name
/// the same children, so both are walked side by side from their roots.
/// </summary>
internal static class SavedObjects
{
    private const int NodesField = 1, ChildrenField = 1, NodeIdField = 1, LocalNameField = 2, VariableField = 7, VariableNameField = 6, UserObjectField = 4, MetadataField = 3;
    private const int AssetField = 5, FunctionField = 6, BareFunctionField = 8, ConstantField = 9, ConcreteFunctionsField = 2, MapKeyField = 1, MapValueField = 2, BoundInputsField = 2;

    // Of functions and constants, their names.
    private const int FirstField = 1;

    private const string ValueAttribute = "VARIABLE_VALUE", TableAttribute = "table";

    /// <summary>The key of each variable whose name is that of one variable only.</summary>
    public static Dictionary<string, string> Keys(BufferSlice objectGraph, TrackableObjectGraph checkpoint)
    {
        List<SavedObject> objects = Read(objectGraph);
        return KeysByNode(objects, checkpoint).Where(k => objects[k.Key].Variable is not null).GroupBy(k => objects[k.Key].Variable!).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().Value);
    }

    /// <summary>The key of each variable by the number of its object.</summary>
    public static Dictionary<int, string> KeysByNode(IReadOnlyList<SavedObject> objects, TrackableObjectGraph checkpoint) => KeysByNode(objects, checkpoint, ValueAttribute, isVariable: true);

    /// <summary>What the keys of the tensors of each lookup table begin with that can be written to, by the number of its object.</summary>
    public static Dictionary<int, string> TablesByNode(IReadOnlyList<SavedObject> objects, TrackableObjectGraph checkpoint) => KeysByNode(objects, checkpoint, TableAttribute, isVariable: false);

    private static Dictionary<int, string> KeysByNode(IReadOnlyList<SavedObject> objects, TrackableObjectGraph checkpoint, string attribute, bool isVariable)
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
            if (objects[pair.Saved].Variable is not null == isVariable && tracked.Attributes.FirstOrDefault(a => a.Name == attribute) is { } value)
                keys.Add(pair.Saved, value.CheckpointKey);
            foreach ((string name, int node) in objects[pair.Saved].Children)
            {
                if (node >= 0 && node < objects.Count && tracked.Children.FirstOrDefault(c => c.LocalName == name) is { } child)
                    queue.Enqueue((node, child.NodeId));
            }
        }

        return keys;
    }

    /// <summary>The variables of the main graph by the numbers of their objects; null without a checkpoint that tells its objects.</summary>
    public static Dictionary<int, VariableEntry>? Values(Model model, IReadOnlyList<SavedObject> objects)
    {
        if (model.Checkpoint is not { } path)
            return null;
        using CheckpointReader checkpoint = CheckpointReader.Open(path);
        if (checkpoint.ObjectGraph is not { } tracked)
            return null;
        Dictionary<string, VariableEntry> byKey = model.Variables.Values.GroupBy(v => v.Key).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        return KeysByNode(objects, tracked).Where(k => byKey.ContainsKey(k.Value)).ToDictionary(k => k.Key, k => byKey[k.Value]);
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
            List<(string, int)> children = [];
            int? asset = null;
            string? constant = null;
            List<string> functions = [];
            ProtoReader node = reader.Message();
            while (node.Next())
            {
                if (node.Field == ChildrenField)
                    children.Add(ReadChild(node.Message()));
                else if (node.Field == VariableField)
                    variable = ReadTexts(node.Message(), VariableNameField).LastOrDefault("");
                else if (node.Field == UserObjectField)
                    metadata = ReadMetadata(node.Message());
                else if (node.Field == AssetField)
                    asset = ReadIndex(node.Message());
                else if (node.Field is FunctionField or BareFunctionField)
                    functions.AddRange(ReadTexts(node.Message(), FirstField));
                else if (node.Field == ConstantField)
                    constant = ReadTexts(node.Message(), FirstField).LastOrDefault("");
            }

            objects.Add(new SavedObject(variable, children, metadata) { Asset = asset, Constant = constant, Functions = functions });
        }

        return objects;
    }

    /// <summary>The objects that each function of the library reads besides its arguments, behind those in its signature.</summary>
    public static Dictionary<string, IReadOnlyList<long>> BoundInputs(BufferSlice objectGraph)
    {
        var bound = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        var reader = new ProtoReader(objectGraph);
        while (reader.Next())
        {
            if (reader.Field != ConcreteFunctionsField)
                continue;
            string name = "";
            List<long> inputs = [];
            ProtoReader entry = reader.Message();
            while (entry.Next())
            {
                if (entry.Field == MapKeyField)
                    name = entry.String();
                else if (entry.Field == MapValueField)
                    ReadBoundInputs(entry.Message(), inputs);
            }

            bound[name] = inputs;
        }

        return bound;
    }

    private static void ReadBoundInputs(ProtoReader function, List<long> inputs)
    {
        while (function.Next())
        {
            if (function.Field == BoundInputsField)
                function.Repeated(inputs);
        }
    }

    // SavedAsset's only field; the first asset may leave it out.
    private static int ReadIndex(ProtoReader reader)
    {
        int index = 0;
        while (reader.Next())
        {
            if (reader.Field == 1)
                index = reader.Int32();
        }

        return index;
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
