using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>Activations that are written out, as the operators that they are.</summary>
internal static class Activations
{
    private const float Sixth = 1 / 6f, SixthTolerance = 1e-6f;

    /// <summary>x·relu6(x + 3)/6, in any order of the factors.</summary>
    public static bool HardSwish(Node node, FusionGraph graph)
    {
        if (node.Op.Name is not ("MUL" or "DIV") || node.Fact(0).DType != DType.Float32 || Constants.Activation(node) != "NONE")
            return false;
        List<Value> factors = [];
        float scale = 1;
        Factors(node, true);
        if (factors.Count != 2 || MathF.Abs(scale - Sixth) > SixthTolerance)
            return false;
        for (int i = 0; i < 2; i++)
        {
            if (FusionGraph.Producer(factors[i], "RELU6", "ADD") is not { } gate || !graph.HasOneUse(gate))
                continue;
            Node? sum = gate.Op.Name == "ADD" ? Constants.Activation(gate) == "RELU6" ? gate : null : FusionGraph.Producer(gate.Inputs[0], "ADD");
            if (sum is null || Constants.Sides(sum) is not { } sides || Constants.Number(sides.Constant) != 3 || sides.Other != factors[1 - i])
                continue;
            Become(node, "HARD_SWISH", graph, new(), sides.Other);
            return true;
        }

        return false;

        void Factors(Node product, bool isOuter)
        {
            foreach ((Value input, int index) in product.Inputs.AsSpan().ToArray().Select((v, i) => (v, i)))
            {
                if (Constants.Number(input) is { } number && (product.Op.Name == "MUL" || index == 1))
                    scale *= product.Op.Name == "DIV" ? 1 / number : number;
                else if (isOuter && FusionGraph.Producer(input, "MUL", "DIV") is { } inner && graph.HasOneUse(inner) && Constants.Activation(inner) == "NONE" && (inner.Op.Name == "MUL" || Constants.Number(inner.Inputs[1]) is not null))
                    Factors(inner, false);
                else
                    factors.Add(input);
            }
        }
    }

    /// <summary>max(a·x, x) with 0 &lt; a &lt; 1.</summary>
    public static bool LeakyRelu(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "MAXIMUM" || node.Fact(0).DType != DType.Float32)
            return false;
        for (int i = 0; i < 2; i++)
        {
            if (FusionGraph.Producer(node.Inputs[i], "MUL") is not { } product || Constants.Activation(product) != "NONE" || Constants.Sides(product) is not { } sides || sides.Other != node.Inputs[1 - i] || Constants.Number(sides.Constant) is not (> 0 and < 1 and var alpha))
                continue;
            Become(node, "LEAKY_RELU", graph, new() { { "alpha", alpha } }, sides.Other);
            return true;
        }

        return false;
    }

    /// <summary>relu(x) + a·relu(-x) with a constant per channel: PRELU with -a, and relu(x) + a·(x - |x|), where a is half of the slope.</summary>
    public static bool Prelu(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "ADD" || node.Fact(0).DType != DType.Float32 || Constants.Activation(node) != "NONE")
            return false;
        for (int i = 0; i < 2; i++)
        {
            if (FusionGraph.Producer(node.Inputs[i], "RELU") is not { } positive || FusionGraph.Producer(node.Inputs[1 - i], "MUL") is not { } product || Constants.Activation(product) != "NONE" || Slope(product, positive.Inputs[0], graph) is not { } alpha)
                continue;
            Value x = positive.Inputs[0];
            if (x.Node.Fact(x.Port).Shape is not { HasRank: true, Rank: > 1 } shape || shape[-1] < 0 || alpha.Constant.ElementCount != shape[-1])
                continue;
            float[] slopes = [.. alpha.Constant.Span<float>().ToArray().Select(a => a * alpha.Factor)];
            Value constant = graph.Const($"{node.Name}/alpha", Tensor.Wrap(slopes, new Shape([.. Enumerable.Repeat(1L, shape.Rank - 2), shape[-1]])));
            Become(node, "PRELU", graph, new(), x, constant);
            return true;
        }

        return false;
    }

    /// <summary>The constant in a product with what x is below zero, and how many times it makes the slope.</summary>
    private static (Tensor Constant, float Factor)? Slope(Node product, Value x, FusionGraph graph)
    {
        float factor = 1;
        Tensor? constant = null;
        Value rest = product;
        while (FusionGraph.Producer(rest, "MUL") is { } mul && Constants.Sides(mul) is { } sides && (rest == product || graph.HasOneUse(rest)))
        {
            if (Constants.Number(sides.Constant) is { } number && (constant is not null || sides.Constant.Constant!.ElementCount == 1))
                factor *= number;
            else if (constant is null && sides.Constant.Constant is { DType: DType.Float32 } tensor && tensor.Shape.Rank > 0 && tensor.ElementCount == tensor.Shape[-1])
                constant = tensor;
            else
                return null;
            rest = sides.Other;
        }

        if (constant is null)
            return null;
        if (FusionGraph.Producer(rest, "RELU") is { } relu && FusionGraph.Producer(relu.Inputs[0], "NEG") is { } negated && negated.Inputs[0] == x)
            return (constant, -factor);
        if (FusionGraph.Producer(rest, "SUB") is { } difference && difference.Inputs[0] == x && FusionGraph.Producer(difference.Inputs[1], "ABS") is { } abs && abs.Inputs[0] == x && Constants.Activation(difference) == "NONE")
            return (constant, 2 * factor);
        return null;
    }

    private static void Become(Node node, string op, FusionGraph graph, AttributeMap options, params Value[] inputs)
    {
        graph.Remove(node);
        node.Op = new OpName(Dialect.TFLite, op);
        node.Attributes = options;
        for (int i = 0; i < inputs.Length; i++)
            graph.SetInput(node, i, inputs[i]);
    }
}
