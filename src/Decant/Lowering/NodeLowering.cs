using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Ops.Lowering;
using Decant.Runtime;

namespace Decant.Lowering;

/// <summary>Lowers one node, and the ops that its form is composed of.</summary>
internal sealed class NodeLowering(SubgraphLowering subgraph, Node node) : LoweringContext(node)
{
    // Elements of what is computed instead of being lowered: sizes, and states of zero.
    private const int LargestFolded = 1 << 14;

    private readonly Dictionary<int, Value> _outputs = [];

    /// <summary>Lowers the node for one of the source, whose values are mapped; a refused one stays as it is.</summary>
    public void Run(Node from)
    {
        if (BecameConstant(from) && Folded(Node) is { } constants)
        {
            for (int port = 0; port < constants.Length; port++)
                subgraph.Map(new Value(from, port), constants[port]);
            return;
        }

        int before = subgraph.Target.Nodes.Count;
        try
        {
            Lower();
        }
        catch (ModelException e)
        {
            subgraph.Shared.RefusesLists |= IsOnLists(Node.Op.Name) || Node.Inputs.Exists(subgraph.IsList);
            if (EmbeddedOps.Of(from, Node, subgraph) is { } embedded)
                Embed(from, embedded);
            else
                Keep(from, e.Diagnostics[0]);
            return;
        }

        foreach ((int port, Value value) in _outputs)
            subgraph.Map(new Value(from, port), value);
        if (_outputs.TryGetValue(0, out Value first) && first.Node.Op.Dialect == Dialect.TFLite && first.Port == 0
            && subgraph.Target.Nodes.Skip(before).Contains(first.Node) && !subgraph.Target.TryGet(from.Name, out _))
            subgraph.Target.Rename(first.Node, from.Name);
    }

    public override Value Const(Tensor value) => subgraph.AddConst($"{Node.Name}/const", value);

    public override Value[] Emit(string op, Value[] inputs, AttributeMap? options, params Fact[] outputs)
    {
        Fact[] facts = outputs.Length > 0 ? [.. outputs] : [Output()];
        OperandTypes? types = OperandTypes.Find(op);
        var changed = new Dictionary<DType, DType>();
        for (int i = 0; i < inputs.Length && types is not null; i++)
        {
            if (!inputs[i].IsPresent)
                continue;
            DType from = Fact(inputs[i]).DType, to = OperandTypes.Allowed(OperandTypes.At(types.Inputs, i), from);
            if (to == from)
                continue;
            if (to == DType.Invalid)
                throw Refuse($"has an input of {from.Name()}, and {op} takes {string.Join(", ", OperandTypes.At(types.Inputs, i)!.Select(t => t.Name()))}");
            changed[from] = to;
        }

        // Operands of one type go on to be of one type.
        Value[] operands = [.. inputs.Select((v, i) => v.IsPresent && changed.TryGetValue(Fact(v).DType, out DType to) && OperandTypes.At(types!.Inputs, i)?.Contains(to) != false ? Converted(v, to) : v)];
        var back = new DType[facts.Length];
        for (int i = 0; i < facts.Length; i++)
        {
            DType wanted = facts[i].DType;
            DType made = changed.TryGetValue(wanted, out DType wide) ? wide : types is null || types.Outputs.Count == 0 ? wanted : OperandTypes.Allowed(OperandTypes.At(types.Outputs, i), wanted);
            if (wanted == DType.Invalid)
                throw Refuse("gives values of a type that is not known, as that of what it reads is not");
            if (made == DType.Invalid)
                throw Refuse($"gives {wanted.Name()}, and {op} gives {string.Join(", ", OperandTypes.At(types!.Outputs, i)!.Select(t => t.Name()))}");
            if (made != wanted)
                (back[i], facts[i]) = (wanted, facts[i] with { DType = made });
        }

        Node added = subgraph.Target.Add(subgraph.FreeName($"{Node.Name}/{op}"), new OpName(Dialect.TFLite, op), operands, options);
        added.Facts = [.. facts.Select(f => f with { Constant = null, Handle = null })];
        return [.. Enumerable.Range(0, facts.Length).Select(i => back[i] == DType.Invalid ? new Value(added, i) : Cast(new Value(added, i), back[i]))];
    }

    public override void EmitEffect(string op, params Value[] inputs) => subgraph.Target.Add(subgraph.FreeName($"{Node.Name}/{op}"), new OpName(Dialect.TFLite, op), inputs);

    public override bool IsInitialized => subgraph.Shared.Variables.Contains(Node.Name);

    public override int TableNumber(string name) => subgraph.Shared.TableNumber(name);

    public override IDictionary<int, Tensor> TableValues => subgraph.Shared.TableValues;

    public override Value[] Expand(string op, Value[] inputs, AttributeMap? attributes = null)
    {
        var expanded = new Node(Node.Name, op) { Attributes = attributes?.Clone() ?? new() };
        expanded.Inputs.AddRange(inputs);
        InputTypes.Complete(expanded);
        subgraph.Inference.Node(expanded);
        if (Folded(expanded) is { } constants)
            return constants;
        var inner = new NodeLowering(subgraph, expanded);
        inner.Lower();
        int count = inner._outputs.Count == 0 ? 0 : inner._outputs.Keys.Max() + 1;
        return [.. Enumerable.Range(0, count).Select(i => inner._outputs.GetValueOrDefault(i))];
    }

    public override void Set(int port, Value value) => _outputs[port] = value;

    public override (FunctionAttr Function, Function Lowered) Function(FunctionAttr function, IReadOnlyList<LoweredArgument> arguments, bool isBody)
    {
        if (!subgraph.Source.Functions.ContainsKey(function.Name))
            throw Fail($"calls the function '{function.Name}', which the model does not have");
        Function lowered = subgraph.Shared.Function(subgraph.Source, function.Name, arguments, isBody, Refuse($"calls '{function.Name}', which calls itself"));
        return (new FunctionAttr(lowered.Name, new()), lowered);
    }

    public override bool IsList(Value value) => subgraph.IsList(value);

    public override Value AsList(Value value)
    {
        subgraph.MarkList(value);
        return value;
    }

    public override bool IsInvariant(int index) => Body is { } body && body.Results[index].Value == new Value(body.ArgNodes[index]);

    public override Value WrittenInLoop(int index)
    {
        if (Body is not { } body || body.Results[index].Value.Node is not { Op.Name: "TensorArrayWriteV3" or "TensorListSetItem" } write)
            return default;
        Value written = write.Inputs[2];
        int state = body.Results.FindIndex(r => r.Value == written);

        // A state of one row may grow by broadcasting.
        return state >= 0 && Shape(state) is { HasRank: true } shape && !shape.Dims.Contains(1) ? In(state) : subgraph.Inline(body, [.. Node.Inputs], written);
    }

    /// <summary>The body of a loop, which gives as many values as it takes; null for other nodes.</summary>
    private Function? Body => Attributes.Find("body") is FunctionAttr body && subgraph.Source.Functions.TryGetValue(body.Name, out Function? function)
        && function.ArgNodes.Count == InputCount && function.Results.Count == InputCount ? function : null;

    public override ModelException Refuse(string reason) => ConvertErrors.UnsupportedOp.At(Node.At(), $"{Node.Op} {reason}", Hint);

    private string Hint => EmbeddedOps.Hint(Node, subgraph);

    private void Lower()
    {
        if (OpTable.All.TryGet(Node.Op, out Op? op) && op is ILowersToTFLite own)
            own.LowerToTFLite(this);
        else if (LoweringTable.Find(Node.Op.Name) is { } rule && !(subgraph.Shared.EmbedsLists && IsOnLists(Node.Op.Name)))
            rule.Lower(this);
        else
            throw ConvertErrors.UnsupportedOp.At(Node.At(), $"{Node.Op} has no form in TensorFlow Lite", Hint);
    }

    private static bool IsOnLists(string op) => op.Contains("TensorList", StringComparison.Ordinal) || op.StartsWith("TensorArray", StringComparison.Ordinal);

    /// <summary>Adds the operator that the node becomes with its inputs and outputs as they are.</summary>
    private void Embed(Node from, Node embedded)
    {
        Node added = subgraph.Target.Add(subgraph.FreeName(from.Name), embedded.Op, [.. Node.Inputs], embedded.Attributes);
        added.Facts = embedded.Facts;
        for (int port = 0; port < added.Facts.Count; port++)
            subgraph.Map(new Value(from, port), new Value(added, port));
    }

    /// <summary>Leaves the node as it is, so that all that is not supported is told at once.</summary>
    private void Keep(Node from, Diagnostic reason)
    {
        Node kept = subgraph.Target.Add(subgraph.FreeName(from.Name), from.Op, [.. Node.Inputs], from.Attributes.Clone());
        kept.Facts = Node.Facts;
        subgraph.Shared.Refused[kept] = reason.Code == ConvertErrors.UnsupportedOp ? reason with { Location = from.At() } : new Diagnostic(ConvertErrors.UnsupportedOp, $"{from.Op} cannot be lowered: {reason.Message}", from.At(), Hint);
        for (int port = 0; port < Math.Max(Math.Max(1, Node.Facts.Count), subgraph.ReadOutputs(from)); port++)
            subgraph.Map(new Value(from, port), new Value(kept, port));
    }

    private Value Converted(Value value, DType to)
    {
        // What was made as this type, and only converted because the graph has another.
        if (value.Node.Op is { Dialect: Dialect.TFLite, Name: "CAST" } && Fact(value.Node.Inputs[0]).DType == to && Fact(value).DType is DType.Float64 or DType.Float16 or DType.BFloat16 or DType.Bool)
            return value.Node.Inputs[0];
        return value.Constant is null ? Cast(value, to) : Tf("Cast", new AttributeMap { { "DstT", to } }, value);
    }

    private Value Cast(Value value, DType to)
    {
        Fact fact = Fact(value);
        Node cast = subgraph.Target.Add(subgraph.FreeName($"{Node.Name}/CAST"), new OpName(Dialect.TFLite, "CAST"), [value], new() { { "in_data_type", fact.DType }, { "out_data_type", to } });
        cast.Facts = [new Fact(to, fact.Shape)];
        return cast;
    }

    /// <summary>Whether the inputs are constants that were none in the source, as shapes are that a loop was found to have.</summary>
    private bool BecameConstant(Node from) => from.Inputs.Exists(i => i.IsPresent && i.Constant is null) && !Node.Inputs.Exists(subgraph.IsList)
        && Node.Facts.All(f => f.Shape.TryElementCount(out long count) && count <= LargestFolded) && !Node.Attributes.Any(a => a.Value is FunctionAttr);

    private Value[]? Folded(Node expanded)
    {
        if (expanded.Inputs.Count == 0 || expanded.Inputs.Exists(v => !v.IsPresent || v.Constant is null) || !Purity.IsPure(expanded))
            return null;
        if (expanded.Op == "Transpose" && expanded.Inputs[0].Node.Attributes["value"] is TensorAttr moved && subgraph.AddTransposed($"{Node.Name}/Transpose", moved, expanded.Inputs[1].Constant!) is { } transposed)
            return [transposed];
        var values = new ConstantValues(subgraph.Shared.Engine, [], null) { LargestResult = int.MaxValue, RestoresWeights = false };
        if (!values.TryCompute(expanded))
            return null;
        List<Value> results = [];
        while (values.Find(new Value(expanded, results.Count)) is { } result)
            results.Add(subgraph.AddConst($"{Node.Name}/{expanded.Op.Name}", result()));
        return [.. results];
    }
}
