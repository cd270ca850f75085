using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// x·1, x/1, x+0, x−0, x^1 = x; −(−x), 1/(1/x), ¬¬x, conj conj x = x; |(|x|)|, relu relu x and the like once; x/√y = x·(1/√y); x·(1/y) = x/y;
/// a−(−b) = a+b, a+(−b) = a−b; x², √x, 1/√x, 1/x for powers of 2, ½, −½, −1; true ∧ x = x, false ∨ x = x.
/// </summary>
internal sealed class SimplifyArithmetic() : NodePass("simplify_arithmetic")
{
    private static readonly HashSet<string> Involutions = new(StringComparer.Ordinal) { "Neg", "Reciprocal", "Inv", "LogicalNot", "Conj", "Invert" };

    private static readonly HashSet<string> Idempotent = new(StringComparer.Ordinal) { "Abs", "Relu", "Relu6", "Floor", "Ceil", "Round", "Rint", "Sign" };

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        return node.Inputs.Count switch
        {
            1 => Unary(node),
            2 => Neutral(node, context) ?? Inverse(node, context),
            _ => null,
        };
    }

    private Patch? Unary(Node node)
    {
        if (node.Inputs[0] is not { Port: 0 } input || input.Node.Op.Dialect != Dialect.TensorFlow || input.Node.Inputs.Count != 1)
            return null;
        if (input.Node.Op == node.Op && Involutions.Contains(node.Op.Name))
            return Rewrites.Forward(Name, node, input.Node.Inputs[0], $"undoes {input.Node.Name}", input.Node);
        return input.Node.Op == node.Op && Idempotent.Contains(node.Op.Name) ? Rewrites.Forward(Name, node, input, $"done by {input.Node.Name}") : null;
    }

    /// <summary>An operand that changes nothing.</summary>
    private Patch? Neutral(Node node, PassContext context)
    {
        (double? neutral, bool eitherSide) = node.Op.Name switch
        {
            "Add" or "AddV2" => (0, true),
            "Sub" => (0, false),
            "Mul" => (1, true),
            "Div" or "RealDiv" or "Pow" => (1, false),
            "LogicalAnd" => (1, true),
            "LogicalOr" => (0, true),
            "BiasAdd" => (0, false),
            _ => ((double?)null, false),
        };
        if (neutral is null)
            return null;
        for (int i = 1; i >= (eitherSide ? 0 : 1); i--)
        {
            if (node.Inputs[i].Constant is not { } constant || !IsAll(constant, neutral.Value))
                continue;
            Value data = node.Inputs[1 - i];
            if (data.Constant is not null)
                return null;
            if (!KeepsShape(data.Shape(), constant.Shape, node))
                return context.Decline(node, $"'{node.Inputs[i].Node.Name}' changes no number, but may give the result more dimensions");
            return Rewrites.Forward(Name, node, data, $"'{node.Inputs[i].Node.Name}' changes nothing");
        }

        return node.Op == "Pow" ? Power(node) : null;
    }

    private static bool IsAll(Tensor constant, double value)
    {
        if (constant.ElementCount is 0 or > 1 << 20)
            return false;
        if (FloatElements.Read(constant) is { } floats)
            return Array.TrueForAll(floats, x => x == value);
        if (constant.DType == DType.Bool)
            return constant.Data.Span.IndexOfAnyExcept((byte)value) < 0;
        return constant.DType is DType.Int32 or DType.Int64 && Array.TrueForAll(TensorInts.Read(constant, new Node("constant", "Const")), x => x == value);
    }

    private static bool KeepsShape(Shape data, Shape constant, Node node)
    {
        if (constant.Rank == 0 || node.Op == "BiasAdd")
            return true;
        if (!data.HasRank || data.Rank < constant.Rank)
            return false;
        for (int i = 1; i <= constant.Rank; i++)
        {
            if (constant[-i] != 1 && constant[-i] != data[-i])
                return false;
        }

        return true;
    }

    private Patch? Power(Node node)
    {
        if (node.Inputs[1].Constant is not { ElementCount: 1, Shape.Rank: 0 } exponent || FloatElements.Read(exponent) is not [var power])
            return null;
        string? op = power switch { 2 => "Square", 0.5 => "Sqrt", -0.5 => "Rsqrt", -1 => "Reciprocal", _ => null };
        return op is null ? null : new Patch($"{Name}: {node.Name} (Pow to {op})").Change(node, n => n.Become(op, [n.Inputs[0]], new AttributeMap { { "T", exponent.DType } }));
    }

    /// <summary>An operand whose own inverse is at hand.</summary>
    private Patch? Inverse(Node node, PassContext context)
    {
        (string? inner, string op) = (node.Op.Name, node.Inputs[1].Node.Op.Name) switch
        {
            ("RealDiv" or "Div", "Sqrt") => ("Rsqrt", "Mul"),
            ("Mul", "Reciprocal" or "Inv") => ("", "RealDiv"),
            ("Sub", "Neg") => ("", "AddV2"),
            ("Add" or "AddV2", "Neg") => ("", "Sub"),
            _ => ((string?)null, ""),
        };
        Node operand = node.Inputs[1].Node;
        if (inner is null || operand.Inputs.Count != 1 || operand.ControlInputs.Count > 0 || operand.Op.Dialect != Dialect.TensorFlow)
            return null;
        DType dtype = new NodeAttributes(node).Type("T");
        if (inner.Length == 0)
        {
            if (op == "RealDiv" && dtype is not (DType.Float32 or DType.Float64))
                return null;
            return new Patch($"{Name}: {node.Name} ({node.Op.Name} of {operand.Op.Name} to {op})").Change(node, n => n.Become(op, [n.Inputs[0], operand.Inputs[0]], new AttributeMap { { "T", dtype } }));
        }

        if (dtype is not (DType.Float32 or DType.Float64))
            return context.Decline(node, $"a reciprocal square root of {dtype.Name()} would round differently");
        if (!context.HasOneUse(operand))
            return context.Decline(node, $"the square root '{operand.Name}' is needed elsewhere too");
        var patch = new Patch($"{Name}: {node.Name} (division by a square root to {op} by {inner})");
        Node root = patch.Add($"{node.Name}/rsqrt", inner, [operand.Inputs[0]], new AttributeMap { { "T", dtype } });
        return patch.Change(node, n => n.Become(op, [n.Inputs[0], root], new AttributeMap { { "T", dtype } }));
    }
}
