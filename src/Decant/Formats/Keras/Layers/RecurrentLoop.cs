using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>One step of a recurrent layer: the new states, the first of which is the output.</summary>
internal delegate Value[] RecurrentStep(LayerCall step, Value x, Value[] states, Value kernel, Value bias);

/// <summary>
/// The loop over the steps of a recurrent layer, as a <c>StatelessWhile</c>. Where the mask of a step is false, states and output
/// stay as they were.
/// </summary>
internal static class RecurrentLoop
{
    public static IReadOnlyList<Value> Run(LayerCall call, ProjectedSteps steps, int stateCount, RecurrentStep step)
    {
        int[] state = steps.State;
        Shape OfState(long batch) => new([batch, .. state.Select(d => (long)d)]);
        bool backwards = call.Config.Flag("go_backwards", false) != call.FlipsDirection;
        bool sequences = call.Config.Flag("return_sequences", false);
        Value projected = backwards ? call.Op("ReverseV2", steps.Values, call.Ints(0)) : steps.Values;
        Value mask = default;
        if (call.Mask.IsPresent)
        {
            mask = call.Transpose(call.Mask, 1, 0);
            for (int i = 0; i < state.Length; i++)
                mask = call.Op("ExpandDims", mask, call.Int(-1));
            if (backwards)
                mask = call.Op("ReverseV2", mask, call.Ints(0));
        }

        Value count = call.Size(projected, 0);
        IReadOnlyList<Value> initial = call.Named.TryGetValue("initial_state", out IReadOnlyList<Value>? given) ? given : [.. call.Inputs.Skip(1)];
        if (initial.Count == 0)
        {
            Value zeros = call.Op("Fill", call.Op("Pack", [call.Size(call.Input, 0), .. state.Select(d => call.Int(d))]), call.Like(projected, 0));
            initial = [.. Enumerable.Repeat(zeros, stateCount)];
        }

        if (initial.Count != stateCount)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has {initial.Count} initial states, expected {stateCount}");
        DType dtype = LayerGraph.DTypeOf(projected);
        var variables = new List<Value> { call.Int(0), count };
        variables.AddRange(initial);
        int listAt = -1;
        if (sequences)
        {
            listAt = variables.Count;
            variables.Add(call.Op("TensorListReserve", call.Ints([-1, .. state]), count, new AttributeMap { { "element_dtype", dtype } }));
        }

        int projectedAt = Add(variables, projected);
        int kernelAt = Add(variables, steps.Kernel);
        int biasAt = Add(variables, steps.Bias);
        int maskAt = Add(variables, mask);
        Function condition = NewFunction(call, "while_cond", variables);
        var conditionGraph = new LayerGraph(condition, call.Graph.Functions);
        Result(condition, "go_on", conditionGraph.Add("Less", "Less", null, condition.ArgNodes[0], condition.ArgNodes[1]));
        Function body = NewFunction(call, "while_body", variables);
        Body(call, body, variables.Count, stateCount, (listAt, projectedAt, kernelAt, biasAt, maskAt), step);
        Node loop = call.Op("StatelessWhile", variables.ToArray(), new AttributeMap
        {
            { "cond", new FunctionAttr(condition.Name, new AttributeMap()) },
            { "body", new FunctionAttr(body.Name, new AttributeMap()) },
            { "output_shapes", new ListAttr { Shapes = [.. variables.Select((v, i) => new ShapeAttr(i >= 2 && i < 2 + stateCount ? OfState(-1) : LayerGraph.ShapeOf(v)))] } },
        }).Node;
        long batch = call.Shape[0];
        loop.Facts = [.. variables.Select((v, i) => i >= 2 && i < 2 + stateCount ? new Fact(dtype, OfState(batch)) : new Fact(LayerGraph.DTypeOf(v), i == 0 ? Shape.Scalar : LayerGraph.ShapeOf(v)))];
        Value output = new(loop, 2);
        if (sequences)
        {
            Value stacked = call.Op("TensorListStack", new Value(loop, listAt), call.Ints([-1, .. state]), new AttributeMap { { "element_dtype", dtype } });
            stacked.Node.Facts = [new Fact(dtype, new Shape([call.Shape[1], batch, .. state.Select(d => (long)d)]))];
            output = call.Transpose(stacked, [1, 0, .. Enumerable.Range(2, state.Length)]);
            call.OutputMask = call.Mask;
        }

        call.SetsMask = true;
        return call.Config.Flag("return_state", false) ? [output, .. Enumerable.Range(2, stateCount).Select(i => new Value(loop, i))] : [output];
    }

    private static void Body(LayerCall call, Function body, int count, int stateCount, (int List, int Projected, int Kernel, int Bias, int Mask) at, RecurrentStep step)
    {
        var inner = new LayerCall(new LayerGraph(body, call.Graph.Functions), call.Config, call.Weights, "step", [], []);
        Value[] results = [.. body.ArgNodes.Select(n => new Value(n))];
        Value time = results[0];
        Value[] states = results[2..(2 + stateCount)];
        Value x = inner.Op("GatherV2", results[at.Projected], time, inner.Int(0));
        Value[] next = step(inner, x, states, results[at.Kernel], at.Bias < 0 ? default : results[at.Bias]);
        Value keep = at.Mask < 0 ? default : inner.Op("GatherV2", results[at.Mask], time, inner.Int(0));
        Value output = next[0];
        for (int i = 0; i < stateCount; i++)
            results[2 + i] = keep.IsPresent ? inner.Op("SelectV2", keep, next[i], states[i]) : next[i];
        if (keep.IsPresent)
            output = call.Config.Flag("zero_output_for_mask", false) ? inner.Op("SelectV2", keep, output, inner.Like(output, 0)) : results[2];
        if (at.List >= 0)
            results[at.List] = inner.Op("TensorListSetItem", results[at.List], time, output);
        results[0] = inner.Op("AddV2", time, inner.Int(1));
        for (int i = 0; i < count; i++)
            Result(body, $"result_{i}", results[i]);
    }

    private static int Add(List<Value> variables, Value value)
    {
        if (!value.IsPresent)
            return -1;
        variables.Add(value);
        return variables.Count - 1;
    }

    private static Function NewFunction(LayerCall call, string name, List<Value> variables)
    {
        string wanted = $"{call.Scope.Replace('/', '_')}_{name}";
        string free = wanted;
        for (int i = 1; call.Graph.Functions.ContainsKey(free); i++)
            free = $"{wanted}_{i}";
        var function = new Function(free);
        call.Graph.Functions.Add(free, function);
        for (int i = 0; i < variables.Count; i++)
        {
            Node node = function.AddArg(new FunctionArg($"arg_{i}", LayerGraph.DTypeOf(variables[i])));
            node.Facts = [new Fact(LayerGraph.DTypeOf(variables[i]), LayerGraph.ShapeOf(variables[i]))];
        }

        return function;
    }

    private static void Result(Function function, string name, Value value) => function.Results.Add((new FunctionArg(name, LayerGraph.DTypeOf(value)), value));
}
