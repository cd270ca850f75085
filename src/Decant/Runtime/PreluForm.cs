using Decant.IR;

namespace Decant.Runtime;

/// <summary>
/// Nodes that compute max(x, 0) + slope · min(x, 0) together, as Keras and others write it without an op for it. The results are the same but for
/// values beyond half of the largest float, where x - |x| overflows.
/// </summary>
/// <param name="Slopes">The slopes below 0, or their negatives.</param>
/// <param name="Sign">1, or -1 for negatives.</param>
/// <param name="Nodes">The nodes, of which the last gives the result and no other is read by anyone else.</param>
internal sealed record PreluForm(Value Slopes, float Sign, List<Node> Nodes)
{
    /// <summary>The form that reads a value, which nobody else reads; null if there is none.</summary>
    /// <param name="x">The value.</param>
    /// <param name="readers">Who reads what.</param>
    /// <param name="constants">The value of a constant; null for others.</param>
    public static PreluForm? Find(Value x, ValueReaders readers, Func<Value, Tensor?> constants) => readers.All(x) switch
    {
        [_, _] two => OfNegative(x, two, readers),
        [_, _, _] three => OfAbsolute(x, three, readers, constants) ?? OfChoice(x, three, readers, constants),
        _ => null,
    };

    /// <summary>Relu(x) + s · Relu(-x), s the negative slope, or Relu(x) - s · Relu(-x), s the slope.</summary>
    private static PreluForm? OfNegative(Value x, IReadOnlyList<Node> nodes, ValueReaders readers)
    {
        if (Named(nodes, "Relu") is not { } relu || Named(nodes, "Neg") is not { } negative || readers.Only(negative) is not { Op.Name: "Relu", Inputs.Count: 1 } other
            || readers.Only(other) is not { Op.Name: "Mul", Inputs.Count: 2 } product || Other(product, other) is not { } slopes || x.Node == slopes.Node)
            return null;
        return Sum(relu, product, readers) is { } sum ? new PreluForm(slopes, -1, [relu, negative, other, product, sum])
            : readers.Only(relu) is { Op.Name: "Sub", Inputs: [var first, var second] } difference && first == relu && second == product && readers.Only(product) == difference
                ? new PreluForm(slopes, 1, [relu, negative, other, product, difference]) : null;
    }

    /// <summary>Relu(x) + s · (x - |x|) · 0.5, the factors in any order.</summary>
    private static PreluForm? OfAbsolute(Value x, IReadOnlyList<Node> nodes, ValueReaders readers, Func<Value, Tensor?> constants)
    {
        if (Named(nodes, "Relu") is not { } relu || Named(nodes, "Abs") is not { } absolute || Named(nodes, "Sub") is not { } difference || difference.Inputs[0] != x || difference.Inputs[1] != absolute
            || readers.Only(absolute) != difference || readers.Only(difference) is not { Op.Name: "Mul", Inputs.Count: 2 } first || readers.Only(first) is not { Op.Name: "Mul", Inputs.Count: 2 } second
            || Other(first, difference) is not { } a || Other(second, first) is not { } b || Sum(relu, second, readers) is not { } sum)
            return null;
        Value? slopes = Is(b, 0.5f, constants) ? a : Is(a, 0.5f, constants) ? b : (Value?)null;
        return slopes is { } found ? new PreluForm(found, 1, [relu, absolute, difference, first, second, sum]) : null;
    }

    /// <summary>x > 0 ? x : s · x.</summary>
    private static PreluForm? OfChoice(Value x, IReadOnlyList<Node> nodes, ValueReaders readers, Func<Value, Tensor?> constants)
    {
        if (Named(nodes, "Greater") is not { } condition || Named(nodes, "Mul") is not { } product || (Named(nodes, "Select") ?? Named(nodes, "SelectV2")) is not { } choice
            || condition.Inputs[0] != x || !Is(condition.Inputs[1], 0, constants) || Other(product, x) is not { } slopes
            || choice.Inputs[0] != condition || choice.Inputs[1] != x || choice.Inputs[2] != product || readers.Only(condition) != choice || readers.Only(product) != choice)
            return null;
        return new PreluForm(slopes, 1, [condition, product, choice]);
    }

    private static Node? Named(IReadOnlyList<Node> nodes, string op)
    {
        int inputs = op switch { "Relu" or "Neg" or "Abs" => 1, "Select" or "SelectV2" => 3, _ => 2 };
        return nodes.FirstOrDefault(n => n.Op == op && n.Inputs.Count == inputs);
    }

    /// <summary>The other factor, if a value is one.</summary>
    private static Value? Other(Node product, Value factor) => product.Inputs[0] == factor ? product.Inputs[1] : product.Inputs[1] == factor ? product.Inputs[0] : (Value?)null;

    private static Node? Sum(Node a, Node b, ValueReaders readers) => readers.Only(a) is { Op.Name: "Add" or "AddV2", Inputs.Count: 2 } sum && readers.Only(b) == sum ? sum : null;

    private static bool Is(Value value, float number, Func<Value, Tensor?> constants) =>
        constants(value) is { DType: DType.Float32, ElementCount: 1 } tensor && tensor.Span<float>()[0] == number;
}
