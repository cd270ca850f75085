using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// while c(v) do v := f(v, g(a)) = let b = g(a) in while c(v) do v := f(v, b): what the body of a <c>While</c> computes from values that the loop
/// does not change is computed once before it, and handed in as another loop variable.
/// </summary>
/// <remarks>
/// A loop that is not entered now computes it all the same, so only ops are moved that cannot fail for values.
/// </remarks>
internal sealed class LoopInvariants() : NodePass("loop_invariants")
{
    private static readonly HashSet<string> NeverFail = new(StringComparer.Ordinal)
    {
        "Add", "AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "Neg", "Abs", "Square", "Sqrt", "Rsqrt", "Exp", "Log", "Tanh", "Sigmoid", "Relu", "Relu6", "Elu", "Cast", "MatMul", "BatchMatMul",
        "BatchMatMulV2", "Transpose", "Sum", "Mean", "Max", "Min", "Softmax", "BiasAdd", "Conv2D", "Pack", "ConcatV2", "ExpandDims", "Equal", "Less", "Greater", "LogicalNot", "ZerosLike", "OnesLike", "Shape",
        "Reciprocal", "SquaredDifference", "Floor", "Erf", "Pow", "Reshape",
    };

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Op.Name is not ("While" or "StatelessWhile")
            || Function(node, "body", context) is not { } body || Function(node, "cond", context) is not { } condition || body.Args.Count != node.Inputs.Count || body.Results.Count != node.Inputs.Count)
            return null;
        HashSet<Node> fixedArgs = [.. body.ArgNodes.Where((a, i) => body.Results[i].Value == a)];
        List<Node> order = TopologicalOrder.Of(body);
        var invariant = new HashSet<Node>();
        foreach (Node inner in order)
        {
            if (inner.Op == "Const" ? inner.ControlInputs.Count == 0 : IsMovable(inner) && inner.Inputs.AsSpan().ToArray().All(v => fixedArgs.Contains(v.Node) || invariant.Contains(v.Node)))
                invariant.Add(inner);
        }

        Node? root = order.Find(n => invariant.Contains(n) && n.Op != "Const" && !fixedArgs.Contains(n) && IsReadByOthers(n, body, invariant) && Needed(n, invariant).Any(m => m.Inputs.Exists(v => fixedArgs.Contains(v.Node))));
        if (root is null)
            return null;
        if (IsShared(body, context) || IsShared(condition, context))
            return context.Decline(node, $"its functions are called elsewhere too, so '{root.Name}' stays in the loop");
        DType dtype = root.Fact(0).DType;
        if (dtype == DType.Invalid || node.Attributes["T"] is not ListAttr types)
            return context.Decline(node, $"the type of '{root.Name}' is not known, so it stays in the loop");
        return Move(node, body, condition, root, [.. order.Where(Needed(root, invariant).Contains)], dtype, types);
    }

    private Patch Move(Node loop, Function body, Function condition, Node root, List<Node> nodes, DType dtype, ListAttr types)
    {
        var patch = new Patch($"{Name}: {loop.Name} ({root.Name} of {body.Name})");
        var outside = new Dictionary<Node, Node>();
        Value Outside(Value value) => outside.TryGetValue(value.Node, out Node? moved) ? value with { Node = moved } : loop.Inputs[body.ArgNodes.IndexOf(value.Node)];
        foreach (Node inner in nodes)
        {
            Node moved = outside[inner] = patch.Add($"{loop.Name}/{inner.Name}", inner.Op, [], inner.Attributes.Clone());
            moved.Device = inner.Device;
            foreach (Value input in inner.Inputs)
                moved.Inputs.Add(Outside(input));
        }

        return patch.Change(loop, n =>
        {
            n.Inputs.Add(outside[root]);
            n.Attributes["T"] = types with { Types = [.. types.Types, dtype] };
            if (n.Attributes["output_shapes"] is ListAttr { Shapes.Count: > 0 } shapes)
                n.Attributes["output_shapes"] = shapes with { Shapes = [.. shapes.Shapes, new ShapeAttr(root.Fact(0).Shape)] };
            Node arg = AddArg(body, root, dtype);
            AddArg(condition, root, dtype);
            foreach (Node reader in body.Nodes)
            {
                for (int i = 0; i < reader.Inputs.Count; i++)
                    reader.Inputs[i] = reader.Inputs[i].Node == root ? arg : reader.Inputs[i];
            }

            for (int i = 0; i < body.Results.Count; i++)
                body.Results[i] = body.Results[i].Value.Node == root ? body.Results[i] with { Value = arg } : body.Results[i];
            body.Results.Add((new FunctionArg($"{arg.Name}_out", dtype), arg));
            HashSet<Node> needed = Reach.Backward(body.Nodes.Where(m => m != root && !nodes.Contains(m)).Concat(body.Results.Select(r => r.Value.Node)).Concat(body.ControlResults.Select(r => r.Node)));
            body.RemoveAll(m => !needed.Contains(m));
        });
    }

    private static Node AddArg(Function function, Node root, DType dtype)
    {
        // What the file says of the shapes of the arguments has no entry for the new one.
        function.Attributes.Remove("_input_shapes");
        Node arg = function.AddArg(new FunctionArg(function.FreeName($"{root.Name.Replace('/', '_')}_invariant"), dtype));
        arg.Facts = [root.Fact(0) with { Constant = null }];
        return arg;
    }

    private static bool IsMovable(Node node) =>
        node.Op.Dialect == Dialect.TensorFlow && NeverFail.Contains(node.Op.Name) && node.ControlInputs.Count == 0 && node.Inputs.Count > 0 && node.Facts.Count == 1 && Purity.IsPure(node)
        && !(node.Op == "Reshape" && node.Inputs[1].Constant is null) && !(node.Op == "Pow" && node.Fact(0).DType is DType.Int32 or DType.Int64);

    /// <summary>The invariant nodes that a node needs, itself included.</summary>
    private static HashSet<Node> Needed(Node root, HashSet<Node> invariant) => [.. Reach.Backward([root]).Where(invariant.Contains)];

    private static bool IsReadByOthers(Node node, Function body, HashSet<Node> invariant) =>
        body.Results.Exists(r => r.Value.Node == node) || body.Nodes.Any(n => !invariant.Contains(n) && n.Inputs.Exists(v => v.Node == node));

    private static Function? Function(Node node, string attribute, PassContext context) =>
        node.Attributes[attribute] is FunctionAttr named && named.Attributes.Count == 0 && context.Model.Functions.TryGetValue(named.Name, out Function? function) ? function : null;

    private static bool IsShared(Function function, PassContext context) => context.Model.Functions.Values.Prepend(context.Model.Graph)
        .SelectMany(g => g.Nodes).Sum(n => Effects.Called(n).Count(c => c == function.Name) + (n.Op.Name == function.Name ? 1 : 0)) > 1;
}
