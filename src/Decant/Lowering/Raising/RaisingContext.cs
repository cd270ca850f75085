using Decant.IR;
using Decant.Ops;
using Decant.Ops.TFLite;
using Decant.Passes.Compress;

namespace Decant.Lowering.Raising;

/// <summary>An operator of TensorFlow Lite that is being expressed in TensorFlow's ops. Its inputs are values of the graph that is made.</summary>
internal sealed class RaisingContext(TFLiteRaiser? raiser, GraphBuilder graph, Node node, string name, IReadOnlyList<Value> inputs)
{
    /// <summary>The operator.</summary>
    public Node Node { get; } = node;

    /// <summary>Whether TensorFlow.js will run the ops, by its own definition of them.</summary>
    public bool IsForTFJS => raiser?.IsForTFJS ?? false;

    /// <summary>Its options.</summary>
    public NodeAttributes Options => new(Node);

    /// <summary>The inputs; absent ones are default.</summary>
    public IReadOnlyList<Value> Inputs { get; } = inputs;

    /// <summary>Whether an optional input is given.</summary>
    public bool Has(int index) => index >= 0 && index < Inputs.Count && Inputs[index].IsPresent;

    /// <summary>An input.</summary>
    /// <exception cref="ModelException">The operator has no such input.</exception>
    public Value In(int index) => Has(index) ? Inputs[index] : throw OpErrors.BadInput.At(Node.At(), $"has {Inputs.Count} inputs, of which some may be left out, expected an input {index}");

    public Shape Shape(int index) => GraphBuilder.ShapeOf(In(index));

    /// <summary>What the file declares of an input.</summary>
    public TensorSpec? Spec(int index) => index < Node.Inputs.Count && Node.Inputs[index] is { IsPresent: true } value && value.Port < value.Node.Tensors.Count ? value.Node.Tensors[value.Port] : null;

    /// <summary>The element type that the file declares of an output.</summary>
    public DType OutputType(int port = 0) => port < Node.Tensors.Count ? Node.Tensors[port].DType : DType.Invalid;

    /// <summary>Adds an op.</summary>
    /// <exception cref="ModelException">An input is left out.</exception>
    public Value Op(string op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null) => graph.Add(op, $"{name}/{op}", attributes, AllOf(inputs));

    public Value Op(string op, Value a, AttributeMap? attributes = null) => Op(op, [a], attributes);

    public Value Op(string op, Value a, Value b, AttributeMap? attributes = null) => Op(op, [a, b], attributes);

    /// <summary>An op of constants, which is a constant; of other values the op.</summary>
    public Value Computed(string op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null)
    {
        foreach (Value input in AllOf(inputs))
        {
            if (input.Node.Op != "Const")
                return Op(op, inputs, attributes);
        }

        Node made = GraphBuilder.Make(op, graph.Graph.FreeName($"{name}/{op}"), attributes, inputs);
        return graph.Const(made.Name, new ComputedTensor(made.Fact(0).DType, made.Fact(0).Shape, () => Constants.Compute(made)));
    }

    /// <summary>An input that is added: the integers of a bias stand for real numbers, too.</summary>
    public Value Bias(int index) => Spec(index) is { DType: DType.Int32 or DType.Int64, Quantization.HasScale: true } && Node.Inputs[index].Node is { Op.Name: "Const" } constant
        ? graph.Const($"{name}/bias", Constants.Reals(constant))
        : GraphBuilder.DTypeOf(In(index)) == DType.Float32 ? In(index) : throw Refuse("has a bias of integers without a scale");

    /// <summary>A bias of an operator on integers, whose scale follows from those of others, whatever the file declares.</summary>
    public Value Bias(int index, params ReadOnlySpan<int> scales)
    {
        if (!IsIntegerBias(index))
            return Bias(index);
        float scale = 1;
        foreach (int input in scales)
            scale *= Scale(input);
        return BiasOf(index, scale);
    }

    /// <summary>A bias of integers of a scale; one of floats as it is.</summary>
    public Value BiasOf(int index, float scale)
    {
        if (!IsIntegerBias(index))
            return Bias(index);
        if (Node.Inputs[index].Node is { Op.Name: "Const" } constant)
            return graph.Const($"{name}/bias", Constants.Reals(constant, Spec(index)! with { Quantization = new Quantization([scale], [0]) }));
        Value fed = Op("Cast", In(index), new AttributeMap { { "DstT", DType.Float32 } });
        return Op("Mul", fed, Like(fed, scale));
    }

    /// <summary>The scale of an input of integers.</summary>
    public float Scale(int index) => Spec(index) is { Quantization: { HasScale: true } quantization } ? quantization.Scales[0] : throw Refuse($"has an input {index} of integers without a scale");

    /// <summary>Constant numbers.</summary>
    public Value Floats(float[] values) => graph.Const($"{name}/Const", Tensor.Wrap(values));

    /// <summary>Whether a bias is of integers, and is not fed as the real numbers that the file says they stand for.</summary>
    private bool IsIntegerBias(int index) => Spec(0) is not { DType: DType.Float32 } && Spec(index) is { DType: DType.Int32 }
        && (Node.Inputs[index].Node.Op == "Const" || GraphBuilder.DTypeOf(In(index)) == DType.Int32);

    /// <summary>The weights of a recurrent operator: beside floats old models declare signed bytes as uint8.</summary>
    public Value Weights(int index)
    {
        if (Spec(index) is not { DType: DType.UInt8 } spec || Spec(0) is not { DType: DType.Float32 })
            return In(index);
        if (Node.Inputs[index].Node is not { Op.Name: "Const" } constant)
            return spec.Quantization is { HasScale: true } ? Signed(In(index), spec) : throw Refuse($"has the weights {index} of type uint8 without a scale");
        var signed = new ComputedTensor(DType.Int8, spec.Shape, () => Node.Inputs[index].Constant!.Reinterpreted(DType.Int8));
        return graph.Const($"{name}/weights", Constants.Reals(new Node(constant.Name, constant.Op) { Attributes = new AttributeMap { { "value", signed } }, Tensors = [spec with { DType = DType.Int8 }] }));
    }

    /// <summary>The real numbers that bytes stand for as signed ones, of those that they stand for as unsigned ones: from 128 on they are 256 less.</summary>
    private Value Signed(Value real, TensorSpec spec)
    {
        (float scale, int zero) = Ops.TFLite.Quantizing.Of(spec);
        Value isHigh = Op("GreaterEqual", real, Like(real, scale * (sbyte.MaxValue + 0.5f - zero)));
        Value less = Op("Mul", Op("Cast", isHigh, new AttributeMap { { "DstT", DType.Float32 } }), Like(real, scale * (byte.MaxValue + 1)));
        return Op("Sub", zero == 0 ? real : Op("AddV2", real, Like(real, scale * zero)), less);
    }

    public Value Ints(params int[] values) => graph.Ints($"{name}/Const", values);

    public Value Int(int value) => graph.Int($"{name}/Const", value);

    public Value Like(Value other, float value) => graph.Like(other, $"{name}/Const", value);

    /// <summary>A value behind the operator's fused activation.</summary>
    public Value Activated(Value value) => (Options.Find("fused_activation_function") as StringAttr)?.Text switch
    {
        "RELU" => Op("Relu", value),
        "RELU6" => Op("Relu6", value),
        "RELU_N1_TO_1" => Clamped(value, -1, 1),
        // The others mean nothing but in recurrent operators.
        _ => Implied(value),
    };

    /// <summary>The activation that converters leave out of quantized models, where the integers have no negative numbers, or end at 6.</summary>
    private Value Implied(Value value)
    {
        const float Six = 6, Near = 0.1f;
        if (Node.Tensors is not [{ Quantization: { HasScale: true } } output, ..] || !Constants.StandsForReals(output))
            return value;
        (float scale, int zero) = Ops.TFLite.Quantizing.Of(output);
        (int min, int max) = Ops.TFLite.Quantizing.Range(output.DType);
        return zero != min ? value : Math.Abs((scale * (max - zero)) - Six) < Near ? Op("Relu6", value) : Op("Relu", value);
    }

    public Value Clamped(Value value, float low, float high) => Op("Minimum", Op("Maximum", value, Like(value, low)), Like(value, high));

    /// <summary>The options of a window in the form of TensorFlow's attributes.</summary>
    public AttributeMap Window(bool isPool = false)
    {
        AttributeMap window = WindowOptions.Attributes(Options);
        window.Remove(isPool ? "dilations" : "ksize");
        return window;
    }

    /// <summary>The function that a subgraph is, which the operator calls with some of its inputs.</summary>
    public Function Function(string option, IEnumerable<Value> arguments) => Function(option, [.. arguments.Select(GraphBuilder.ShapeOf)]);

    /// <summary>The function that a subgraph is, which the operator calls with values of some shapes.</summary>
    public Function Function(string option, IReadOnlyList<Shape> arguments) => raiser?.Function(Options.Function(option), Node, arguments) ?? throw Refuse("calls subgraphs");

    /// <summary>The shapes that the operator, a loop, gives to its subgraphs again and again: sizes of what the body changes are open.</summary>
    public IReadOnlyList<Shape> LoopShapes(string body)
    {
        IReadOnlyList<bool> kept = raiser?.Kept(Options.Function(body)) ?? [];
        return [.. Inputs.Select((input, i) => GraphBuilder.ShapeOf(input) is { HasRank: true } shape && !(i < kept.Count && kept[i]) ? new Shape([.. Enumerable.Repeat(-1L, shape.Rank)]) : GraphBuilder.ShapeOf(input))];
    }

    private ReadOnlySpan<Value> AllOf(ReadOnlySpan<Value> inputs)
    {
        foreach (Value input in inputs)
        {
            if (!input.IsPresent)
                throw OpErrors.BadInput.At(Node.At(), $"has {Inputs.Count} inputs, and leaves one out that it needs");
        }

        return inputs;
    }

    /// <summary>That the operator has no form in TensorFlow's ops with these options.</summary>
    public ModelException Refuse(string why) => ConvertErrors.UnsupportedOp.At(Node.At(), $"{Node.Op.Name} {why}", TFLiteRaiser.Hint);
}
