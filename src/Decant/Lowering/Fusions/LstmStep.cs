using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>The step of an LSTM, found in the body of a loop.</summary>
/// <param name="State">The variable that is h.</param>
/// <param name="List">The variable that is the tensor of all h, or -1.</param>
/// <param name="Outputs">The shape of h: [batch, outputs].</param>
/// <param name="Cells">The shape of c: [batch, units].</param>
/// <param name="CellClip">What c is held within on both sides of zero; 0 where it is not.</param>
/// <param name="Projection">The product that makes h of the units, and what h is held within; null where those are h.</param>
/// <param name="Input">The input gate.</param>
/// <param name="Forget">The forget gate.</param>
/// <param name="Candidate">The cell gate.</param>
/// <param name="Output">The output gate.</param>
internal sealed record LstmStep(int State, int List, Shape Outputs, Shape Cells, float CellClip, ClippedNode? Projection, GateSum Input, GateSum Forget, GateSum Candidate, GateSum Output)
{
    /// <summary>The step of a loop, or null.</summary>
    public static LstmStep? Of(CountedLoop loop)
    {
        for (int i = 0; i < loop.Body.Results.Count; i++)
        {
            var projection = ClippedNode.Of(loop.Body.Results[i].Value, "FULLY_CONNECTED");
            if (projection is not null && !IsProjection(projection.Node))
                continue;
            if (FusionGraph.Producer(projection?.Node.Inputs[0] ?? loop.Body.Results[i].Value, "MUL") is { } product && Find(loop, i, product, projection) is { } step)
                return step;
        }

        return null;
    }

    private static LstmStep? Find(CountedLoop loop, int state, Node product, ClippedNode? projection)
    {
        // h' = sigmoid(o) tanh(c'), perhaps projected and clipped, c' = sigmoid(f) c + sigmoid(i) tanh(g), perhaps clipped
        if (Pair(product, "LOGISTIC", "TANH") is not { } output || ClippedNode.Of(output.Second.Inputs[0], "ADD") is not { Node: var sum } clipped)
            return null;
        Value next = output.Second.Inputs[0];
        int cell = loop.Body.Results.FindIndex(r => r.Value == next);
        if (cell < 0 || ZeroStates(loop.Node.Inputs[state]) is not { } outputs || ZeroStates(loop.Node.Inputs[cell]) is not { } cells || cells[0] != outputs[0]
            || (projection is null ? cells != outputs : projection.Node.Inputs[1].Constant!.Shape != new Shape(outputs[1], cells[1])))
            return null;
        Value old = loop.Body.ArgNodes[cell];
        foreach ((Value kept, Value added) in new[] { (sum.Inputs[0], sum.Inputs[1]), (sum.Inputs[1], sum.Inputs[0]) })
        {
            if (FusionGraph.Producer(kept, "MUL") is not { } keeps || FusionGraph.Producer(added, "MUL") is not { } adds || Pair(adds, "LOGISTIC", "TANH") is not { } input
                || Kept(keeps, old) is not { } forget)
                continue;
            GateSum Gate(Value seen) => new(loop, state, checked((int)cells[1]), checked((int)outputs[1]), seen);
            var step = new LstmStep(state, -1, outputs, cells, clipped.Bound, projection, Gate(old), Gate(old), Gate(default), Gate(next));
            if (!step.Input.Collect(input.First.Inputs[0]) || !step.Forget.Collect(forget.Inputs[0]) || !step.Candidate.Collect(input.Second.Inputs[0]) || !step.Output.Collect(output.First.Inputs[0]))
                return null;
            GateSum[] gates = [step.Input, step.Forget, step.Candidate, step.Output];
            Shape sequence = step.Input.Sequence.Node.Fact(step.Input.Sequence.Port).Shape;
            return gates.All(g => g.Sequence == step.Input.Sequence && g.IsReversed == step.Input.IsReversed && g.Inputs!.Shape == step.Input.Inputs!.Shape)
                && sequence is { HasRank: true, Rank: 3 } && sequence[0] == loop.Trips && loop.Trips > 0 ? step with { List = Written(loop, loop.Body.Results[state].Value) } : null;
        }

        return null;
    }

    /// <summary>Whether the weights and the bias of a product are constants of the loop.</summary>
    private static bool IsProjection(Node product) =>
        product.Inputs[1].Constant is { DType: DType.Float32, Shape.Rank: 2 }
        && (product.Inputs.Count < 3 || !product.Inputs[2].IsPresent || product.Inputs[2].Constant is { DType: DType.Float32 });

    private static (Node First, Node Second)? Pair(Node product, string first, string second) => Constants.Activation(product) != "NONE" ? null
        : FusionGraph.Producer(product.Inputs[0], first) is { } a && FusionGraph.Producer(product.Inputs[1], second) is { } b ? (a, b)
        : FusionGraph.Producer(product.Inputs[1], first) is { } c && FusionGraph.Producer(product.Inputs[0], second) is { } d ? (c, d) : null;

    private static Node? Kept(Node product, Value cell) => Constants.Activation(product) != "NONE" ? null
        : FusionGraph.Producer(product.Inputs[0] == cell ? product.Inputs[1] : product.Inputs[1] == cell ? product.Inputs[0] : default, "LOGISTIC");

    /// <summary>The shape of a state that is zero, or null.</summary>
    private static Shape? ZeroStates(Value state)
    {
        Value filled = FusionGraph.Producer(state, "FILL") is { } fill ? fill.Inputs[1] : state;
        return filled.Constant is { DType: DType.Float32 } zero && !zero.Span<float>().ContainsAnyExcept(0f)
            && state.Node.Fact(state.Port).Shape is { HasRank: true, Rank: 2, IsFullyKnown: true } shape ? shape : null;
    }

    /// <summary>The variable to which h' is written at the place of the step.</summary>
    private static int Written(CountedLoop loop, Value next)
    {
        for (int i = 0; i < loop.Body.Results.Count; i++)
        {
            if (FusionGraph.Producer(loop.Body.Results[i].Value, "DYNAMIC_UPDATE_SLICE") is { } write && write.Inputs[0] == new Value(loop.Body.ArgNodes[i])
                && FusionGraph.Producer(write.Inputs[1], "RESHAPE", "EXPAND_DIMS") is { } element && element.Inputs[0] == next
                && FusionGraph.Producer(write.Inputs[2], "CONCATENATION") is { Inputs: [var place, { Constant: { DType: DType.Int32, ElementCount: 2 } rest }] } && !rest.Span<int>().ContainsAnyExcept(0)
                && FusionGraph.Producer(place, "RESHAPE") is { } counter && loop.IsCounter(counter.Inputs[0])
                && loop.Node.Inputs[i] is var list && list.Node.Fact(list.Port).Shape is { HasRank: true, Rank: 3 } shape && shape[0] == loop.Trips)
                return i;
        }

        return -1;
    }
}
