using System.Globalization;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Optimize;

/// <summary>
/// Makes int64 tensors int32 where they are made of shapes and small constants and only serve as sizes, axes and indices. In
/// one edit: a type attribute is changed when all that the node reads by it can be int32 and all that reads its results may.
/// </summary>
/// <remarks>Sizes above 2^31 − 1, which TensorFlow's own int32 shapes do not hold either, are lost.</remarks>
internal sealed class NarrowIndices() : Pass("narrow_indices")
{
    private static readonly HashSet<string> ShapeArithmetic = new(StringComparer.Ordinal)
    {
        "Shape", "ShapeN", "Size", "ArgMax", "ArgMin", "TopKV2", "Pack", "Unpack", "ConcatV2", "StridedSlice", "Slice", "Squeeze", "ExpandDims", "Reshape", "Identity",
        "Add", "AddV2", "Sub", "Mul", "Maximum", "Minimum", "FloorDiv", "FloorMod", "Gather", "GatherV2", "Range", "Transpose", "Tile", "Prod", "Max", "Min", "Sum", "Cast",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        HashSet<(Node Node, string Attribute)> narrow = [.. context.Graph.Nodes.SelectMany(n => Candidates(n, context).Select(a => (n, a)))];
        int before;
        do
        {
            before = narrow.Count;
            narrow.RemoveWhere(c => !ReadsNarrow(c, narrow) || !IsReadNarrow(c, narrow, context));
        }
        while (narrow.Count < before);

        // Only what ends in a size or an index is worth the change, and only int64 that is made here can be saved.
        if (narrow.Count > 0 && narrow.Any(c => Inputs(c).Any()))
            yield return Edit(narrow);
    }

    private Patch Edit(HashSet<(Node Node, string Attribute)> narrow)
    {
        var patch = new Patch(string.Create(CultureInfo.InvariantCulture, $"{Name}: {narrow.Count} types, {narrow.First().Node.Name} the first"));
        var constants = new Dictionary<Node, Node>();
        foreach (IGrouping<Node, string> attributes in narrow.GroupBy(c => c.Node, c => c.Attribute))
        {
            var inputs = new List<(int Index, Value Value)>();
            foreach (int index in attributes.SelectMany(a => Inputs((attributes.Key, a))))
            {
                Value value = attributes.Key.Inputs[index];
                if (value.Constant is { } constant)
                {
                    if (!constants.TryGetValue(value.Node, out Node? narrowed))
                        constants[value.Node] = narrowed = patch.AddConst($"{value.Node.Name}/int32", Narrow(constant), value.Node);
                    inputs.Add((index, narrowed));
                }
                else if (value.Node.Op == "Cast" && !narrow.Contains((value.Node, "DstT")))
                {
                    inputs.Add((index, value.Node.Inputs[0]));
                }
            }

            patch.Change(attributes.Key, n =>
            {
                foreach (string attribute in attributes)
                    n.Attributes.Set(attribute, DType.Int32);
                foreach ((int index, Value value) in inputs)
                    n.Inputs[index] = value;
            });
        }

        return patch;
    }

    private static Tensor Narrow(Tensor constant) => Tensor.Wrap(Array.ConvertAll(constant.Span<long>().ToArray(), v => (int)v), constant.Shape);

    /// <summary>The attributes of a node that are int64 and could be int32.</summary>
    private static IEnumerable<string> Candidates(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { } op || !Purity.IsPure(node))
            yield break;
        foreach (AttrDef attribute in op.Attributes.Where(a => a.Type == "type"))
        {
            if (((node.Attributes[attribute.Name] ?? attribute.Default) as TypeAttr)?.Value != DType.Int64)
                continue;
            bool isGiven = op.Outputs.Any(o => o.TypeAttr == attribute.Name);
            bool isIndex = attribute.Allowed.Count > 0 && attribute.Allowed.Contains("int32") && attribute.Allowed.All(t => t is "int8" or "int16" or "int32" or "int64" or "uint16");
            bool isCast = op.Name == "Cast" && (attribute.Name != "DstT" || ((node.Attributes["SrcT"] as TypeAttr)?.Value is not (DType.Int32 or DType.Int16 or DType.Int8 or DType.UInt8 or DType.UInt16 or DType.Bool)));
            if (!isCast && (isGiven ? ShapeArithmetic.Contains(op.Name) && !context.IsKept(node) && (attribute.Allowed.Count == 0 || attribute.Allowed.Contains("int32")) : isIndex))
                yield return attribute.Name;
        }
    }

    /// <summary>The indices of the inputs whose type an attribute gives.</summary>
    private static IEnumerable<int> Inputs((Node Node, string Attribute) candidate)
    {
        OpDef op = OpCatalogue.Find(candidate.Node.Op.Name)!;
        int index = 0;
        foreach (ArgDef input in op.Inputs)
        {
            int count = op.Count(input, candidate.Node.Attributes);
            for (int i = 0; i < count; i++, index++)
            {
                if (input.TypeAttr == candidate.Attribute && index < candidate.Node.Inputs.Count)
                    yield return index;
            }
        }
    }

    private static bool ReadsNarrow((Node Node, string Attribute) candidate, HashSet<(Node, string)> narrow) => Inputs(candidate).All(i =>
    {
        Value value = candidate.Node.Inputs[i];
        if (!value.IsPresent || value.Node.Op.Dialect != Dialect.TensorFlow)
            return false;
        if (value.Constant is { } constant)
            return constant.DType == DType.Int64 && constant.ElementCount <= 1 << 16 && Array.TrueForAll(constant.Span<long>().ToArray(), v => v is >= int.MinValue and <= int.MaxValue);
        return narrow.Contains((value.Node, OutputAttribute(value) ?? "")) || (value.Node.Op == "Cast" && (value.Node.Attributes["SrcT"] as TypeAttr)?.Value == DType.Int32);
    });

    private static bool IsReadNarrow((Node Node, string Attribute) candidate, HashSet<(Node, string)> narrow, PassContext context) =>
        context.Users(candidate.Node).All(u => Enumerable.Range(0, u.Inputs.Count).All(i => u.Inputs[i].Node != candidate.Node || OutputAttribute(u.Inputs[i]) != candidate.Attribute || narrow.Contains((u, InputAttribute(u, i) ?? ""))));

    private static string? OutputAttribute(Value value) => Attribute(OpCatalogue.Find(value.Node.Op.Name)?.Outputs, value.Node, value.Port);

    private static string? InputAttribute(Node node, int index) => Attribute(OpCatalogue.Find(node.Op.Name)?.Inputs, node, index);

    private static string? Attribute(IReadOnlyList<ArgDef>? args, Node node, int index)
    {
        foreach (ArgDef arg in args ?? [])
        {
            int count = OpCatalogue.Find(node.Op.Name)!.Count(arg, node.Attributes);
            if (index < count)
                return arg.TypeAttr;
            index -= Math.Max(0, count);
        }

        return null;
    }
}
