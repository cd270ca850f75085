using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>A gate of a recurrent step before it is activated: <c>W x + U h + p c + b</c>, collected from products and sums of any form.</summary>
/// <param name="loop">The loop of the steps.</param>
/// <param name="state">The variable of the loop that is h.</param>
/// <param name="units">The elements of the gate.</param>
/// <param name="outputs">The elements of h.</param>
/// <param name="cell">The state c that the gate may look at; not present when it may not.</param>
internal sealed class GateSum(CountedLoop loop, int state, int units, int outputs, Value cell)
{
    private const int MaxDepth = 16;

    /// <summary>The elements x of all steps, [steps, batch, ...], before or behind the loop; not present when the gate reads none.</summary>
    public Value Sequence { get; private set; }

    /// <summary>Whether the last step comes first.</summary>
    public bool IsReversed { get; private set; }

    /// <summary>W, [units, inputs].</summary>
    public Tensor? Inputs { get; private set; }

    /// <summary>U, [units, outputs].</summary>
    public Tensor? Recurrent { get; private set; }

    /// <summary>p, the diagonal of the weights of the cell's state, [units]; null without.</summary>
    public float[]? Peephole { get; private set; }

    /// <summary>b, [units].</summary>
    public float[] Bias { get; } = new float[units];

    /// <summary>Collects a value of the body; false when it is of another form.</summary>
    public bool Collect(Value gate) => Width(gate) == units && Add(gate, 0, 0) && Inputs is not null && Recurrent is not null;

    /// <param name="value">A summand.</param>
    /// <param name="first">The first of its channels that belong to the gate.</param>
    /// <param name="depth">How deep the sum is nested.</param>
    private bool Add(Value value, int first, int depth)
    {
        if (depth > MaxDepth)
            return false;
        if (value.Constant is not null)
            return AddBias(value, first);
        if (value.Node.Op is not { Dialect: Dialect.TFLite, Name: var op } || Constants.Activation(value.Node) != "NONE")
            return false;
        switch (op)
        {
            case "ADD":
                return value.Node.Inputs.All(i => (i.Constant is not null || Width(i) == Width(value)) && Add(i, first, depth + 1));
            case "SPLIT":
                Value whole = value.Node.Inputs[1];
                return value.Node.Inputs[0].Constant is { DType: DType.Int32 } axis && whole.Node.Fact(whole.Port).Shape is { HasRank: true, Rank: 2 } && axis.Span<int>()[0] is 1 or -1
                    && Width(value) is > 0 and var width && Add(whole, checked((int)(value.Port * width)) + first, depth + 1);
            case "MUL":
                return first == 0 && AddPeephole(value.Node);
            case "FULLY_CONNECTED":
                return AddProduct(value.Node, first);
            case "GATHER":
                return Step(value) is { } steps && AddProjected(steps, first);
            default:
                return false;
        }
    }

    private static long Width(Value value) => value.Node.Fact(value.Port).Shape is { HasRank: true, Rank: > 0 } shape ? shape[-1] : -1;

    private bool AddBias(Value value, int first)
    {
        if (value.Constant is not { DType: DType.Float32 } constant || (constant.ElementCount != 1 && (constant.Shape[-1] != constant.ElementCount || constant.ElementCount < first + units)))
            return false;
        ReadOnlySpan<float> values = constant.Span<float>();
        for (int i = 0; i < units; i++)
            Bias[i] += values.Length == 1 ? values[0] : values[first + i];
        return true;
    }

    private bool AddPeephole(Node product)
    {
        if (Peephole is not null || Width(product) != units || Constants.Sides(product) is not { } sides || !cell.IsPresent || sides.Other != cell)
            return false;
        Peephole = Constants.PerChannel(sides.Constant, units);
        return Peephole is not null;
    }

    /// <summary>A product in the loop: of an element, of the state, or of both side by side.</summary>
    private bool AddProduct(Node product, int first)
    {
        if (Rows(product, first) is not { } rows || !AddBiasOf(product, first))
            return false;
        if (FusionGraph.Producer(product.Inputs[0], "CONCATENATION") is not { Inputs: [var a, var b] } joined)
            return AddRows(product.Inputs[0], rows);
        if (joined.Attributes["axis"] is not IntAttr { Value: 1 or -1 } || Constants.Activation(joined) != "NONE" || Width(a) < 1 || Width(a) + Width(b) != rows.Shape[1])
            return false;
        return AddRows(a, Columns(rows, 0, (int)Width(a))) && AddRows(b, Columns(rows, (int)Width(a), (int)Width(b)));
    }

    private bool AddRows(Value operand, Tensor rows)
    {
        if (operand == new Value(loop.Body.ArgNodes[state]))
        {
            bool isFirst = Recurrent is null;
            Recurrent = rows;
            return isFirst && rows.Shape[1] == outputs;
        }

        return Step(operand) is { } steps && TakeInputs(loop.Node.Inputs[steps], isReversed: false, rows);
    }

    /// <summary>Elements that were multiplied in front of the loop, all at once.</summary>
    private bool AddProjected(int steps, int first)
    {
        Value projected = loop.Node.Inputs[steps];
        bool isReversed = FusionGraph.Producer(projected, "REVERSE_V2") is { } reversed && reversed.Inputs[1].Constant is { DType: DType.Int32, ElementCount: 1 } axis && axis.Span<int>()[0] == 0;
        if (isReversed)
            projected = projected.Node.Inputs[0];
        return FusionGraph.Producer(projected, "FULLY_CONNECTED") is { } product && Constants.Activation(product) == "NONE" && product.Inputs[0].Node.Fact(product.Inputs[0].Port).Shape is { HasRank: true, Rank: 3 }
            && Rows(product, first) is { } rows && AddBiasOf(product, first) && TakeInputs(product.Inputs[0], isReversed, rows);
    }

    private bool TakeInputs(Value sequence, bool isReversed, Tensor rows)
    {
        if (Inputs is not null)
            return false;
        (Sequence, IsReversed, Inputs) = (sequence, isReversed, rows);
        return true;
    }

    /// <summary>The variable of which a value of the body is the element of the step, or null.</summary>
    private int? Step(Value value) =>
        FusionGraph.Producer(value, "GATHER") is { } gather && gather.Attributes["axis"] is IntAttr { Value: 0 } && loop.IsCounter(gather.Inputs[1])
        && loop.Variable(gather.Inputs[0]) is >= 0 and var variable && loop.IsInvariant(variable) ? variable : null;

    private bool AddBiasOf(Node product, int first) => product.Inputs.Count < 3 || !product.Inputs[2].IsPresent || AddBias(product.Inputs[2], first);

    private Tensor? Rows(Node product, int first)
    {
        if (product.Inputs[1].Constant is not { DType: DType.Float32, Shape.Rank: 2 } weights || weights.Shape[0] < first + units)
            return null;
        int columns = (int)weights.Shape[1];
        return Tensor.Wrap(weights.Span<float>().Slice(first * columns, units * columns).ToArray(), new Shape(units, columns));
    }

    private Tensor Columns(Tensor rows, int first, int count)
    {
        float[] part = new float[units * count];
        int columns = (int)rows.Shape[1];
        for (int i = 0; i < units; i++)
            rows.Span<float>().Slice((i * columns) + first, count).CopyTo(part.AsSpan(i * count));
        return Tensor.Wrap(part, new Shape(units, count));
    }
}
