using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>
/// Loops whose step is <c>c' = f c + i g, h' = o tanh(c')</c>, from states of zero, with a batch of known size: UNIDIRECTIONAL_SEQUENCE_LSTM.
/// The gates may look at c, c' may be clipped, and h' may be projected and clipped. That operator keeps its states in variables, which runtimes set to zero only when they are told to.
/// </summary>
internal static class LstmLoops
{
    /// <summary>The operator that the loops become.</summary>
    public static OpName Operator { get; } = new(Dialect.TFLite, "UNIDIRECTIONAL_SEQUENCE_LSTM");

    /// <summary>Replaces the loops of all subgraphs; gives those that have products and stay, with the reason.</summary>
    /// <param name="model">The converted model.</param>
    /// <param name="refusal">Why all of them stay; null when they need not.</param>
    public static IReadOnlyList<(string Loop, string Reason)> Run(Model model, string? refusal)
    {
        List<(string, string)> kept = [];
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
        {
            var graph = new FusionGraph(function);
            foreach (Node node in function.Nodes.ToList())
            {
                if (node.Op != new OpName(Dialect.TFLite, "WHILE"))
                    continue;
                CountedLoop? loop = refusal is null ? CountedLoop.Of(node, model) : null;
                LstmStep? step = loop is null ? null : LstmStep.Of(loop);
                if (loop is not null && step is not null && OnlyGives(loop, step, graph))
                    Replace(loop, step, graph);
                else if (model.Functions[((FunctionAttr)node.Attributes["body_subgraph_index"]!).Name] is var body && body.Nodes.Any(n => n.Op.Name == "FULLY_CONNECTED"))
                    kept.Add((node.Name, refusal ?? Reason(node, body, loop, step)));
            }
        }

        return kept;
    }

    private static string Reason(Node node, Function body, CountedLoop? loop, LstmStep? step)
    {
        if (step is not null)
            return "more is read behind it than its outputs, and the operator gives nothing else";
        if (loop is null)
            return "the number of its steps is not constant";
        if (Enumerable.Range(0, body.Results.Count).Any(i => FusionGraph.Producer(body.Results[i].Value, "SELECT", "SELECT_V2") is { } choice && choice.Inputs.Contains(new Value(body.ArgNodes[i]))))
            return "a mask decides in each step whether its states change, and the operator has none";
        bool hasOpenState = Enumerable.Range(0, body.Results.Count).Any(i => !loop.IsInvariant(i) && node.Fact(i) is { DType: DType.Float32, Shape: { HasRank: true, Rank: 2 } shape } && !shape.IsFullyKnown);
        return hasOpenState ? "the size of the batch is not known" : "its step is none of an LSTM whose states begin at zero";
    }

    /// <summary>Whether of what varies the state h and the list of its values alone are read behind the loop.</summary>
    private static bool OnlyGives(CountedLoop loop, LstmStep step, FusionGraph graph) => Enumerable.Range(0, loop.Body.Results.Count).All(i =>
        i == step.State || i == step.List || loop.IsInvariant(i) || (graph.Readers(new Value(loop.Node, i)).Count == 0 && !graph.Function.Results.Exists(r => r.Value == new Value(loop.Node, i))));

    private static void Replace(CountedLoop loop, LstmStep step, FusionGraph graph)
    {
        Function function = graph.Function;
        Node node = loop.Node;
        Value input = step.Input.Sequence;
        bool isTimeMajor = FusionGraph.Producer(input, "TRANSPOSE") is not { } moved || !IsSwap(moved);
        if (!isTimeMajor)
            input = input.Node.Inputs[0];
        if (step.Input.IsReversed)
            input = Add("REVERSE_V2", input.Node.Fact(input.Port) with { Constant = null }, [], input, graph.Const($"{node.Name}/axis", Tensor.Wrap([isTimeMajor ? 0 : 1])));
        GateSum[] gates = [step.Input, step.Forget, step.Candidate, step.Output];
        var inputs = new Value[24];
        inputs[0] = input;
        for (int i = 0; i < gates.Length; i++)
        {
            inputs[1 + i] = graph.Const($"{node.Name}/input_weights", gates[i].Inputs!);
            inputs[5 + i] = graph.Const($"{node.Name}/recurrent_weights", gates[i].Recurrent!);
            inputs[12 + i] = graph.Const($"{node.Name}/bias", Tensor.Wrap(gates[i].Bias));
        }

        // The operator looks at the cells from all of these gates, or from none.
        GateSum[] seeing = [step.Input, step.Forget, step.Output];
        for (int i = 0; i < seeing.Length && seeing.Any(g => g.Peephole is not null); i++)
            inputs[9 + i] = graph.Const($"{node.Name}/cell_weights", Tensor.Wrap(seeing[i].Peephole ?? new float[step.Cells[1]]));
        for (int i = 1; step.Projection is { } projection && i < projection.Node.Inputs.Count && projection.Node.Inputs[i].IsPresent; i++)
            inputs[15 + i] = graph.Const($"{node.Name}/projection", projection.Node.Inputs[i].Constant!);
        inputs[18] = Variable("output_state", step.Outputs);
        inputs[19] = Variable("cell_state", step.Cells);
        long time = loop.Trips, batch = step.Outputs[0], outputs = step.Outputs[1];
        Value sequence = Add(
            Operator.Name, new Fact(DType.Float32, isTimeMajor ? new Shape(time, batch, outputs) : new Shape(batch, time, outputs)),
            new() { { "fused_activation_function", "TANH" }, { "cell_clip", step.CellClip }, { "proj_clip", step.Projection?.Bound ?? 0f }, { "time_major", isTimeMajor }, { "asymmetric_quantize_inputs", false }, { "diagonal_recurrent_tensors", false } }, inputs);
        for (int i = 0; i < loop.Body.Results.Count; i++)
        {
            var old = new Value(node, i);
            foreach (Node back in i == step.List && !isTimeMajor ? graph.Readers(old).Where(r => r.Op.Name == "TRANSPOSE" && IsSwap(r)).ToList() : [])
            {
                graph.Replace(back, sequence);
                graph.Remove(back);
            }

            if (i == step.List)
                graph.Replace(old, isTimeMajor ? sequence : Add("TRANSPOSE", new Fact(DType.Float32, new Shape(time, batch, outputs)), [], sequence, graph.Const($"{node.Name}/order", Tensor.Wrap([1, 0, 2]))));
            else if (i == step.State)
                graph.Replace(old, Last(sequence));
            else if (loop.IsInvariant(i))
                graph.Replace(old, node.Inputs[i]);
        }

        graph.Remove(node);

        Value Add(string op, Fact fact, AttributeMap attributes, params ReadOnlySpan<Value> operands)
        {
            Node added = function.Add(function.FreeName($"{node.Name}/{op}"), new OpName(Dialect.TFLite, op), [], attributes);
            added.Facts = [fact];
            for (int i = 0; i < operands.Length; i++)
                graph.SetInput(added, i, operands[i]);
            return added;
        }

        Value Variable(string name, Shape shape)
        {
            Node variable = function.Add(function.FreeName($"{node.Name}/{name}"), TFLiteParts.TensorOp);
            variable.Facts = [new Fact(DType.Float32, shape)];
            variable.Tensors = [TensorSpec.Of(variable.Name, variable.Facts[0]) with { IsVariable = true }];
            return variable;
        }

        Value Last(Value all)
        {
            Value Ints(params int[] values) => graph.Const($"{node.Name}/last", Tensor.Wrap(values));
            (int[] begin, int[] end, int others) = isTimeMajor ? (new[] { -1, 0, 0 }, new[] { 0, 0, 0 }, 0b110) : ([0, -1, 0], [0, 0, 0], 0b101);
            return Add(
                "STRIDED_SLICE", new Fact(DType.Float32, step.Outputs),
                new() { { "begin_mask", others }, { "end_mask", others }, { "ellipsis_mask", 0 }, { "new_axis_mask", 0 }, { "shrink_axis_mask", 0b111 & ~others }, { "offset", false } }, all, Ints(begin), Ints(end), Ints(1, 1, 1));
        }
    }

    private static bool IsSwap(Node transpose) => transpose.Inputs[1].Constant is { DType: DType.Int32 } order && order.Span<int>().SequenceEqual([1, 0, 2]);
}
