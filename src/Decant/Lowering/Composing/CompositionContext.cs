using Decant.IR;
using Decant.Lowering.Raising;
using Decant.Ops;
using Decant.Ops.Lowering;

namespace Decant.Lowering.Composing;

/// <summary>A node that is being composed of other ops. Operators of TensorFlow Lite that a rule emits become the ops that they are.</summary>
internal sealed class CompositionContext(ComposingBuilder builder, Node node) : LoweringContext(node)
{
    private readonly SortedDictionary<int, Value> _outputs = [];

    /// <summary>The values of the outputs; of those that no rule sets, which nobody reads, the first.</summary>
    public Value[] Outputs => [.. Enumerable.Range(0, _outputs.Keys.LastOrDefault(-1) + 1).Select(i => _outputs.GetValueOrDefault(i, _outputs.First().Value))];

    public override Value Const(Tensor value) => builder.Const($"{Node.Name}/Const", value);

    public override Value[] Emit(string op, Value[] inputs, AttributeMap? options, params Fact[] outputs)
    {
        Fact[] facts = outputs.Length > 0 ? outputs : [Output()];
        var made = new Node(Node.Name, new OpName(Dialect.TFLite, op)) { Attributes = options ?? [], Tensors = [.. facts.Select(f => TensorSpec.Of("", f with { Constant = null, Handle = null }))] };
        made.Inputs.AddRange(inputs);
        RaisingRule rule = RaisingTable.Find(made.Op) ?? throw Refuse($"needs the operator {op}, which is none of TensorFlow's ops");
        return rule(new RaisingContext(null, builder, made, Node.Name, inputs));
    }

    public override Value[] Expand(string op, Value[] inputs, AttributeMap? attributes = null)
    {
        Node made = GraphBuilder.Make(op, builder.Graph.FreeName($"{Node.Name}/{op}"), attributes?.Clone(), inputs);
        if (inputs.Length > 0 && made.Facts.Count == 1 && Array.TrueForAll(inputs, v => v.Constant is not null) && Purity.IsPure(made))
            return [builder.Const(made.Name, Constants.Compute(made))];
        return RaisingTable.Ports(builder.Add(op, made.Name, made.Attributes, inputs));
    }

    public override void Set(int port, Value value) => _outputs[port] = value;

    public override void EmitEffect(string op, params Value[] inputs) => throw Refuse($"needs the operator {op}, which is there for its effect");

    public override (FunctionAttr Function, Function Lowered) Function(FunctionAttr function, IReadOnlyList<LoweredArgument> arguments, bool isBody) => throw Refuse("calls functions");

    public override bool IsInvariant(int index) => false;

    public override bool IsInitialized => false;

    public override int TableNumber(string name) => throw Refuse("works on lookup tables");

    public override IDictionary<int, Tensor> TableValues => throw Refuse("works on lookup tables");

    public override bool IsList(Value value) => false;

    public override Value AsList(Value value) => throw Refuse("works on lists of tensors");

    public override Value WrittenInLoop(int index) => default;

    public override ModelException Refuse(string reason) => ConvertErrors.UnsupportedOp.At(Node.At(), $"{Node.Op} {reason}", "cut the graph before it with --outputs");
}
