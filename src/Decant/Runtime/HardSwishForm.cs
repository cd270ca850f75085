using Decant.IR;

namespace Decant.Runtime;

/// <summary>
/// Nodes that compute the hard swish x · factor · Relu6(x + offset) together, as converters and optimizers write it: (x · factor) · Relu6(x + offset) or
/// x · (Relu6(x + offset) · factor). Of the latter, results may differ by a rounding.
/// </summary>
/// <param name="Offset">What is added before Relu6.</param>
/// <param name="Factor">What the product is multiplied by.</param>
/// <param name="Nodes">The nodes, of which the last gives the result and no other is read by anyone else.</param>
internal sealed record HardSwishForm(float Offset, float Factor, List<Node> Nodes)
{
    /// <summary>The form that reads a value, which nobody else reads; null if there is none.</summary>
    /// <param name="x">The value.</param>
    /// <param name="readers">Who reads what.</param>
    /// <param name="constants">The value of a constant; null for others.</param>
    public static HardSwishForm? Find(Value x, ValueReaders readers, Func<Value, Tensor?> constants)
    {
        if (readers.All(x) is not [var first, var second])
            return null;
        (Node sum, Node product) = first.Op.Name is "Add" or "AddV2" ? (first, second) : (second, first);
        if (sum.Op.Name is not ("Add" or "AddV2") || product.Op.Name != "Mul" || Number(sum, x, constants) is not { } offset
            || readers.Only(sum) is not { Op.Name: "Relu6", Inputs.Count: 1 } relu || readers.Only(relu) is not { Op.Name: "Mul", Inputs.Count: 2 } next)
            return null;
        if (Number(product, x, constants) is { } factor)
            return readers.Only(product) == next && (next.Inputs[0] == relu ? next.Inputs[1] == product : next.Inputs[0] == product) ? new(offset, factor, [sum, product, relu, next]) : null;
        return Number(next, relu, constants) is { } other && readers.Only(next) == product && (product.Inputs[0] == x ? product.Inputs[1] == next : product.Inputs[0] == next && product.Inputs[1] == x)
            ? new(offset, other, [sum, relu, next, product]) : null;
    }

    /// <summary>The one number that is the other operand of a node.</summary>
    private static float? Number(Node node, Value operand, Func<Value, Tensor?> constants)
    {
        if (node.Inputs.Count != 2 || (node.Inputs[0] != operand && node.Inputs[1] != operand))
            return null;
        return constants(node.Inputs[node.Inputs[0] == operand ? 1 : 0]) is { DType: DType.Float32, ElementCount: 1 } tensor && tensor.Shape.Rank <= 1 ? tensor.Span<float>()[0] : null;
    }
}
