using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Gather(w, ids) = ExpandDims(LookupTableFind(table of what is not zero in w, ids, 0), -1) for weights w of shape [N, 1]: the weights of a
/// linear model, of which training left few.
/// </summary>
/// <remarks>
/// The look-up waits for the table's entries, and a NoOp waits for those of all tables, as the original's callers ran it once at the start.
/// </remarks>
internal sealed class SparsifyGather : Pass
{
    /// <summary>Weights that are smaller count as zero.</summary>
    private const float Epsilon = 1e-5f;

    private readonly string _checkpoint;
    private readonly string _group;

    private SparsifyGather(PassParameters parameters)
        : base("sparsify_gather") => (_checkpoint, _group) = (parameters.Text("input_checkpoint", ""), parameters.Text("group_init_node", "group_deps"));

    public static PassEntry Entry { get; } = new("sparsify_gather", "Makes gathering from a column of mostly zeros a look-up in a table", p => new SparsifyGather(p))
    {
        Parameters = [new("input_checkpoint", "the checkpoint that holds variables, by its prefix", "the model's"), new("group_init_node", "the name of the node that fills all tables", "group_deps")],
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        if (_checkpoint.Length > 0)
            context.Model.Checkpoint = _checkpoint;
        var tables = new Dictionary<Node, (Node Table, Node Initializer)>();
        foreach (Node node in context.Graph.Nodes.Where(n => n.Op.Name is "Gather" or "GatherV2").ToList())
        {
            if (Sparsify(node, tables, context) is { } patch)
                yield return patch;
        }

        if (tables.Count == 0)
            yield break;
        Node[] initializers = [.. tables.Values.Select(t => t.Initializer)];
        var group = new Patch($"{Name}: {_group}");
        if (context.Graph.TryGet(_group, out Node? there) && there.Op == "NoOp")
            group.Change(there, n => n.ControlInputs.AddRange(initializers.Except(n.ControlInputs)));
        else
            group.Add(_group, "NoOp", []).ControlInputs.AddRange(initializers);
        yield return group;
    }

    private Patch? Sparsify(Node node, Dictionary<Node, (Node Table, Node Initializer)> tables, PassContext context)
    {
        if (node.Inputs.Count < 2 || node.Inputs.Exists(i => !i.IsPresent))
            return null;
        Node read = node.Inputs[0].Node;
        Node weights = read is { Op.Name: "Identity", Inputs.Count: 1 } ? read.Inputs[0].Node : read;
        if (weights is null || weights.Op.Name is not ("Const" or "Variable" or "VariableV2"))
            return null;
        if (node.Op == "GatherV2" && (node.Inputs.Count != 3 || ConstantInts.Of(node.Inputs[2], 1) is not [0] || node.Attributes["batch_dims"] is IntAttr { Value: not 0 }))
            return context.Decline(node, $"Transform only applicable to subgraph with GatherV2 over axis 0. Found axis {(ConstantInts.Of(node.Inputs[^1], 1) is [var axis] ? axis : node.Inputs[^1])}.");
        if (!tables.ContainsKey(weights) && Unfit(weights, context) is { } reason)
            return context.Decline(node, reason);

        var patch = new Patch($"{Name}: {node.Name}");
        if (!tables.TryGetValue(weights, out (Node Table, Node Initializer) table))
            tables[weights] = table = Table(patch, weights, Value(weights, context)!);
        Value ids = node.Inputs[1];
        if (node.Attributes["Tindices"] is not TypeAttr { Value: DType.Int64 })
            ids = patch.Add($"{node.Name}/Cast", "Cast", [ids], new AttributeMap { { "SrcT", node.Attributes["Tindices"] ?? DType.Int32 }, { "DstT", DType.Int64 } });
        Node zero = patch.AddConst($"{node.Name}/Const", Tensor.Scalar(0f));
        Node find = patch.Add($"{node.Name}/LookupTableFind", "LookupTableFind", [table.Table, ids, zero], new AttributeMap { { "Tin", DType.Int64 }, { "Tout", DType.Float32 } });
        find.ControlInputs.Add(table.Initializer);
        find.ControlInputs.AddRange(node.ControlInputs);
        Node axisLast = patch.AddConst($"{node.Name}/ExpandDims/Const", Tensor.Scalar(-1));
        Node expanded = patch.Add(node.Name, "ExpandDims", [find, axisLast], new AttributeMap { { "T", DType.Float32 }, { "Tdim", DType.Int32 } });
        patch.Replace(node, expanded).Remove(node);
        patch.RemoveWith(node, context, node.Inputs[0]);
        if (weights != read && weights.Op == "Const" && patch.Removed.Contains(read))
            patch.RemoveWith(read, context, weights);
        if (node.Op == "GatherV2")
            patch.RemoveWith(node, context, node.Inputs[2]);
        return patch;
    }

    private static (Node Table, Node Initializer) Table(Patch patch, Node weights, Tensor value)
    {
        ReadOnlySpan<float> values = value.Span<float>();
        var keys = new List<long>();
        var kept = new List<float>();
        for (int i = 0; i < values.Length; i++)
        {
            if (MathF.Abs(values[i]) < Epsilon)
                continue;
            keys.Add(i);
            kept.Add(values[i]);
        }

        // A table must have an entry.
        if (keys.Count == 0)
            (keys, kept) = ([0], [0f]);
        Node indices = patch.AddConst($"{weights.Name}/indices", Tensor.Wrap(keys.ToArray()));
        Node data = patch.AddConst($"{weights.Name}/values", Tensor.Wrap(kept.ToArray()));
        Node table = patch.Add($"{weights.Name}/HashTable", "HashTable", [], new AttributeMap { { "key_dtype", DType.Int64 }, { "value_dtype", DType.Float32 } });
        Node initializer = patch.Add($"{weights.Name}/InitializeTable", "InitializeTable", [table, indices, data], new AttributeMap { { "Tkey", DType.Int64 }, { "Tval", DType.Float32 } });
        return (table, initializer);
    }

    private static string? Unfit(Node weights, PassContext context)
    {
        DType dtype = ((weights.Attributes["dtype"] as TypeAttr)?.Value ?? DType.Invalid).Deref();
        if (dtype != DType.Float32)
            return $"Transform only applicable to subgraph with 'Const','Variable', or 'VariableV2' of dtype 'DT_FLOAT'. Found {dtype.TensorFlowName()}";
        if (Value(weights, context) is not { } value)
            return $"'{weights.Name}' is a variable without a value: give input_checkpoint";
        return value.Shape is { Rank: 2 } shape && shape[1] == 1 && shape[0] <= int.MaxValue ? null
            : $"Transform only applicable to subgraph with 'Const' with tensor of shape [N, 1]. But instead get shape {value.Shape}";
    }

    private static Tensor? Value(Node weights, PassContext context) =>
        weights.Op == "Const" ? new Value(weights).Constant : context.Model.Variables.TryGetValue(weights.Name, out VariableEntry? entry) ? entry.Read() : null;
}
