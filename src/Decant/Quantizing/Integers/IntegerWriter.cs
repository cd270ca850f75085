using Decant.IR;
using Decant.Ops.TFLite.Recurrent;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>Writes operators of a subgraph into another: as they are, or, where the plan says so, computing with integers.</summary>
/// <param name="plan">Which operators, and the grids.</param>
/// <param name="target">Where to.</param>
/// <param name="options">How.</param>
/// <param name="seen">What calibration learned of values, for the correction of biases.</param>
internal sealed class IntegerWriter(IntegerPlan plan, Function target, IntegerOptions options, IReadOnlyDictionary<Value, Observation> seen)
{
    private readonly Dictionary<Value, Value> _floats = [];
    private readonly Dictionary<(Value, Grid), Value> _integers = [];
    private readonly Dictionary<Value, (Value Value, Grid Grid)> _made = [];
    private readonly Dictionary<Node, Node> _nodes = [];
    private readonly Dictionary<(Value Weights, int Axis, string Scales), Value> _weights = [];

    /// <summary>Says what a value of the source is in the target, where it is a real number or nothing that is quantized.</summary>
    public void Map(Value source, Value made) => _floats[source] = made;

    /// <summary>Says what a value of the source is in the target, as integers.</summary>
    public void Map(Value source, Value made, Grid grid)
    {
        _made[source] = (made, grid);
        _integers[(source, grid)] = made;
    }

    /// <summary>The integers that stand for a value of the source, if an operator gives such.</summary>
    public (Value Value, Grid Grid)? Made(Value source) => _made.TryGetValue(source, out (Value, Grid) made) ? made : null;

    /// <summary>Writes an operator.</summary>
    public void Write(Node node)
    {
        if (plan.IsReplacedState(node))
            return;
        if (plan.IsInteger(node))
        {
            bool isInner = options.OutputType != plan.Activations && node.Fact(0).DType == DType.Float32 && plan.Function.Results.Exists(r => r.Value == node);
            Node added = WriteInteger(node, isInner ? $"{node.Name}_{plan.Activations.Name()}" : node.Name);
            if (plan.Rule(node).Scaling != Scaling.Inputs)
            {
                foreach (Value result in IntegerPlan.Results(node))
                    Map(result, new Value(added, result.Port), plan.Grid(result));
            }

            return;
        }

        Add(node, node.Name, [.. node.Inputs.AsSpan().ToArray().Select(Float)], node.Facts);
    }

    /// <summary>Writes an operator that computes with integers.</summary>
    public Node WriteInteger(Node node, string name)
    {
        OperatorRule rule = plan.Rule(node);
        if (rule.IsLstm)
            return WriteLstm(node, name);
        HashSet<int> activated = [.. plan.Activated(node)];
        var inputs = new Value[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i != rule.Weights && i != rule.Bias)
                inputs[i] = activated.Contains(i) ? Integer(node.Inputs[i], plan.OperandGrid(node, i)) : Float(node.Inputs[i]);
        }

        if (rule.Weights >= 0)
            inputs = WithWeights(node, rule, inputs, plan.OperandGrid(node, activated.First()));
        Node added = Add(node, name, inputs, [.. node.Facts.Select((f, port) => f.DType == DType.Float32 && rule.Scaling != Scaling.Inputs ? plan.Grid(new Value(node, port)).Fact(f.Shape) : f)]);
        if (plan.Activations == DType.Int16 && node.Op.Name is "ADD" or "SUB")
            added.Attributes.Set("pot_scale_int16", false);
        if (plan.Activations == DType.Int16 && rule.Weights >= 0 && node.Op.Name != "DEPTHWISE_CONV_2D")
            added.Attributes.Set("quantized_bias_type", DType.Int64);
        return added;
    }

    /// <summary>A value as it is in the source; what integers stand for is made a float once.</summary>
    public Value Float(Value value)
    {
        if (!value.IsPresent || _floats.TryGetValue(value, out Value made))
            return value.IsPresent ? _floats[value] : value;
        if (value.Node.Op == "Const")
        {
            made = Add(value.Node, value.Node.Name, [], value.Node.Facts);
        }
        else
        {
            // The name of a result is its float form's.
            bool isResult = value.Port == 0 && plan.Function.Results.Exists(r => r.Value == value);
            made = Dequantize(_made[value].Value, isResult ? value.Node.Name : $"{value.Node.Name}_dequantize");
            _floats[value] = made;
        }

        return made;
    }

    /// <summary>A value as integers of a grid, made once.</summary>
    public Value Integer(Value value, Grid grid)
    {
        if (_integers.TryGetValue((value, grid), out Value made))
            return made;
        if (value.Constant is { } constant)
        {
            made = Const($"{value.Node.Name}_{grid.Type.Name()}", Quantized.Quantize(constant, grid.Type, grid.Quantization), grid.Quantization);
        }
        else
        {
            (Value from, string name) = _made.TryGetValue(value, out (Value Value, Grid Grid) integers) ? (integers.Value, $"{value.Node.Name}_requantized") : (Float(value), $"{value.Node.Name}_{grid.Type.Name()}");
            made = Requantize(from, grid, name);
        }

        return _integers[(value, grid)] = made;
    }

    /// <summary>The integers that stand for the numbers of a value on a grid.</summary>
    public Value Requantize(Value from, Grid grid, string name)
    {
        Node quantize = target.Add(target.FreeName(name), new OpName(Dialect.TFLite, "QUANTIZE"), [from]);
        quantize.Facts = [grid.Fact(from.Node.Fact(from.Port).Shape)];
        return quantize;
    }

    /// <summary>The real numbers that integers stand for.</summary>
    public Value Dequantize(Value from, string name)
    {
        Node dequantize = target.Add(target.FreeName(name), new OpName(Dialect.TFLite, "DEQUANTIZE"), [from]);
        dequantize.Facts = [new Fact(DType.Float32, from.Node.Fact(from.Port).Shape)];
        return dequantize;
    }

    private Node WriteLstm(Node node, string name)
    {
        Grid input = plan.OperandGrid(node, 0), output = plan.Grid(node);
        var weights = new IntegerLstmWeights(node, input, output, plan.Lstms!.Of(node)!);
        Value[] inputs = weights.Inputs((value, scales, index) => Const(node.Inputs[index].Node.Name, value, scales), (index, fact) =>
        {
            Node state = target.Add(target.FreeName(node.Inputs[index].Node.Name), TFLiteParts.TensorOp);
            state.Facts = [fact];
            state.Tensors = [TensorSpec.Of(state.Name, fact) with { IsVariable = true }];
            return state;
        });
        inputs[0] = Integer(node.Inputs[0], input);
        Node added = Add(node, name, inputs, [output.Fact(node.Fact(0).Shape), .. weights.Intermediates]);
        added.Attributes.Set(LstmInputs.Intermediates, weights.Intermediates.Count);
        added.Attributes.Set("asymmetric_quantize_inputs", false);
        return added;
    }

    private Value[] WithWeights(Node node, OperatorRule rule, Value[] inputs, Grid input)
    {
        Value source = node.Inputs[rule.Weights];
        var weights = (TensorAttr)source.Node.Attributes["value"]!;
        int axis = node.Op.Name == "FULLY_CONNECTED" && !options.PerChannelDense ? SymmetricWeights.PerTensor : rule.Axis;
        int channels = (int)weights.Shape[rule.Axis];
        Tensor? given = rule.Bias < node.Inputs.Count ? node.Inputs[rule.Bias].Constant : null;
        float[]? bias = given?.Span<float>().ToArray();
        bool isTrained = options.Calibration is null;
        IntegerWeights made = IntegerWeights.Of(weights, axis, FilterLayout.Of(node.Op.Name, weights.Shape), bias, input, isTrained);
        int activated = plan.Activated(node).First();
        if (options.CorrectBias && seen.TryGetValue(node.Inputs[activated], out Observation? observed) && BiasCorrection.Of(node, weights.Value, axis, made.WeightScales, observed.ChannelMeans) is { } added)
        {
            bias = [.. Enumerable.Range(0, channels).Select(c => (float)((bias?[c] ?? 0) - added[c]))];
            made = IntegerWeights.Of(weights, axis, FilterLayout.Of(node.Op.Name, weights.Shape), bias, input, isTrained);
        }

        var key = (source, axis, string.Join(' ', made.WeightScales.Scales));
        if (!_weights.TryGetValue(key, out Value constant))
            _weights[key] = constant = Const(source.Node.Name, made.Weights, made.WeightScales);
        inputs[rule.Weights] = constant;
        if (made.Bias is null)
            return inputs;
        if (inputs.Length <= rule.Bias)
            Array.Resize(ref inputs, rule.Bias + 1);
        inputs[rule.Bias] = Const(given is null ? $"{node.Name}_bias" : node.Inputs[rule.Bias].Node.Name, made.Bias, made.BiasScales!);
        return inputs;
    }

    private Node Add(Node node, string name, Value[] inputs, IReadOnlyList<Fact> facts)
    {
        Node added = target.Add(target.FreeName(name), node.Op, inputs, node.Attributes.Clone());
        foreach (Node before in node.ControlInputs)
        {
            if (_nodes.TryGetValue(before, out Node? first))
                added.ControlInputs.Add(first);
        }

        added.Facts = facts;
        if (node.Op == TFLiteParts.TensorOp)
            added.Tensors = node.Tensors;
        _nodes[node] = added;
        for (int port = 0; port < Math.Max(1, node.Facts.Count); port++)
        {
            if (!plan.IsInteger(node) || facts[port].DType != plan.Activations)
                _floats[new Value(node, port)] = new Value(added, port);
        }

        return added;
    }

    private Node Const(string name, Tensor value, Quantization quantization) => Const(name, new TensorAttr(value), quantization);

    private Node Const(string name, TensorAttr value, Quantization quantization) => WeightReaders.AddConst(target, name, value, quantization);
}
