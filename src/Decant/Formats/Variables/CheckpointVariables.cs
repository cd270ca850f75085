using Decant.Formats.Checkpoint;
using Decant.IR;

namespace Decant.Formats.Variables;

/// <summary>
/// The variables of a model's main graph and where a checkpoint holds their values. The key is, in this order: what the
/// graph's own restoring nodes say; what the object graphs say; the variable's name.
/// </summary>
internal static class CheckpointVariables
{
    public static Dictionary<string, VariableEntry> Find(Model model, CheckpointReader checkpoint)
    {
        IReadOnlyDictionary<Node, RestoredVariables.Source> restored = new RestoredVariables(model.Functions).Find(model.Graph);
        Dictionary<string, string> objects = [], fullNames = [];
        if (checkpoint.ObjectGraph is { } tracked)
        {
            objects = SavedObjects.Keys(model.TensorFlow.ObjectGraph, tracked);
            foreach (IGrouping<string, SerializedTensor> group in tracked.Nodes.SelectMany(n => n.Attributes).Where(a => a.FullName.Length > 0).GroupBy(a => a.FullName))
            {
                if (group.Select(a => a.CheckpointKey).Distinct().Count() == 1)
                    fullNames[group.Key] = group.First().CheckpointKey;
            }
        }

        var entries = new Dictionary<string, VariableEntry>(StringComparer.Ordinal);
        foreach (Node node in model.Graph.Nodes)
        {
            if (!VariableEntry.IsVariable(node))
                continue;
            if (restored.TryGetValue(node, out RestoredVariables.Source source) && checkpoint.Find(source.Key) is { } variable)
            {
                entries[node.Name] = Entry(node, checkpoint, variable, source.Slice);
                continue;
            }

            string shared = node.Attributes["shared_name"] is StringAttr { Bytes.Length: > 0 } name ? name.Text : node.Name;
            string?[] keys = [objects.GetValueOrDefault(shared), fullNames.GetValueOrDefault(shared), shared, node.Name];
            if (keys.Select(k => k is null ? null : checkpoint.Find(k)).FirstOrDefault(v => v is not null) is { } found)
                entries[node.Name] = Entry(node, checkpoint, found, "");
        }

        return entries;
    }

    // A slice is written as the whole shape and the extents: "8 4 0,4:-".
    private static VariableEntry Entry(Node node, CheckpointReader checkpoint, CheckpointVariable variable, string slice)
    {
        if (slice.Length == 0)
            return new VariableEntry(node.Name, variable.Name, variable.DType, variable.Shape, () => checkpoint.Read(variable.Name));
        TensorSlice? box = TensorSlice.Parse(slice[(slice.LastIndexOf(' ') + 1)..]);
        Shape shape = box?.Within(variable.Shape) ?? throw CheckpointErrors.Slices.At(node.At(), $"is restored from the slice '{slice}', which does not lie in '{variable.Name}' {variable.Shape}");
        return new VariableEntry(node.Name, variable.Name, variable.DType, shape, () => checkpoint.ReadSlice(variable.Name, box));
    }
}
