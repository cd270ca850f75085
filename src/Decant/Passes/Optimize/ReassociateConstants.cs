using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// (x + a) + b = x + (a + b), (x · a) · b = x · (a · b), with subtraction and division by constants as well: of two constants, one is
/// made, which constant folding computes. <c>BiasAdd</c> counts as an addition along the last dimension.
/// </summary>
internal sealed class ReassociateConstants() : NodePass("reassociate_constants")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (Term.Of(node) is not { } outer || outer.Data.Port != 0 || Term.Of(outer.Data.Node) is not { } inner || inner.IsSum != outer.IsSum)
            return null;
        if (inner.Layout != outer.Layout && (inner.Layout == "NCHW" || outer.Layout == "NCHW"))
            return context.Decline(node, "adds along another dimension than the addition before it");
        if (!context.HasOneUse(inner.Node))
            return context.Decline(node, $"'{inner.Node.Name}' is an output or has other readers");
        Tensor a = inner.Constant.Constant!, b = outer.Constant.Constant!;
        if (a.DType != b.DType || a.DType is not (DType.Float32 or DType.Float64))
            return context.Decline(node, $"regrouping {a.DType.Name()} could overflow or round where it did not before");
        if (Broadcast(a.Shape, b.Shape) is not { } shape || ConstantBytes.Of(a) + ConstantBytes.Of(b) < shape.ElementCount * a.DType.Size())
            return context.Decline(node, "the constant of both would be larger than they are");
        string op = inner.IsSum ? inner.IsInverse == outer.IsInverse ? "AddV2" : "Sub" : inner.IsInverse == outer.IsInverse ? "Mul" : "RealDiv";
        var patch = new Patch($"{Name}: {node.Name} ({inner.Node.Name} and {node.Name})");
        Node joined = patch.Add($"{node.Name}/constant", op, [inner.Constant, outer.Constant], new AttributeMap { { "T", a.DType } });
        Node[] waits = [.. node.ControlInputs.Concat(inner.Node.ControlInputs).Distinct()];
        bool isBias = shape.Rank == 1 && (inner.Node.Op == "BiasAdd" || outer.Node.Op == "BiasAdd") && !inner.IsInverse;
        AttributeMap attributes = new() { { "T", a.DType } };
        if (isBias)
            attributes.Set("data_format", outer.Layout.Length > 0 ? outer.Layout : inner.Layout);
        string result = isBias ? "BiasAdd" : inner.IsSum ? inner.IsInverse ? "Sub" : "AddV2" : inner.IsInverse ? "RealDiv" : "Mul";
        return patch.Change(node, n => n.Become(result, [inner.Data, joined], attributes, waits));
    }

    private static Shape? Broadcast(Shape a, Shape b)
    {
        long[] dims = new long[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= dims.Length; i++)
        {
            long x = i <= a.Rank ? a[-i] : 1, y = i <= b.Rank ? b[-i] : 1;
            if (x != y && x != 1 && y != 1)
                return null;
            dims[^i] = x == 1 ? y : x;
        }

        return new Shape(dims);
    }

    /// <summary>x + c, x − c, x · c or x / c.</summary>
    private sealed record Term(Node Node, Value Data, Value Constant, bool IsSum, bool IsInverse, string Layout)
    {
        public static Term? Of(Node node)
        {
            if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Count != 2 || node.Inputs.Exists(v => !v.IsPresent))
                return null;
            bool isFirst = node.Inputs[0].Constant is not null;
            if (isFirst == node.Inputs[1].Constant is not null)
                return null;
            (Value data, Value constant) = isFirst ? (node.Inputs[1], node.Inputs[0]) : (node.Inputs[0], node.Inputs[1]);
            return node.Op.Name switch
            {
                "Add" or "AddV2" => new Term(node, data, constant, true, false, ""),
                "BiasAdd" when !isFirst => new Term(node, data, constant, true, false, new NodeAttributes(node).String("data_format")),
                "Sub" when !isFirst => new Term(node, data, constant, true, true, ""),
                "Mul" => new Term(node, data, constant, false, false, ""),
                "Div" or "RealDiv" when !isFirst => new Term(node, data, constant, false, true, ""),
                _ => null,
            };
        }
    }
}
