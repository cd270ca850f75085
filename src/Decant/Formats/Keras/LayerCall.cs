using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>One call of a layer: its options, inputs and weights, and the ops that it adds under its name.</summary>
internal sealed class LayerCall(LayerGraph graph, LayerConfig config, LayerWeights weights, string scope, IReadOnlyList<Value> inputs, IReadOnlyList<Value> masks)
{
    public LayerGraph Graph { get; } = graph;

    public LayerConfig Config { get; } = config;

    public LayerWeights Weights { get; } = weights;

    public string Scope { get; } = scope;

    public IReadOnlyList<Value> Inputs { get; } = inputs;

    /// <summary>The masks of the inputs; absent ones are default.</summary>
    public IReadOnlyList<Value> Masks { get; } = masks;

    /// <summary>Values that are given by name: <c>initial_state</c>, <c>attention_mask</c>, <c>query</c>, <c>value</c>, ...</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Value>> Named { get; init; } = new Dictionary<string, IReadOnlyList<Value>>();

    /// <summary>Arguments that are no tensors, such as <c>use_causal_mask</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Constants { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>All arguments of the call, as the description has them.</summary>
    public CallArguments Arguments { get; init; } = CallArguments.None;

    /// <summary>The mask of any value of the model; absent for most.</summary>
    public Func<Value, Value> MaskOf { get; init; } = _ => default;

    /// <summary>Whether an argument is given and true.</summary>
    public bool Constant(string name) => Constants.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Whether a recurrent layer goes the other way than its options say.</summary>
    public bool FlipsDirection { get; init; }

    /// <summary>Calls a model that is inside of this layer.</summary>
    public Func<LayerConfig, Value, Value>? CallModel { get; init; }

    /// <summary>The files of the layer by their paths in its folder, such as <c>vocabulary.txt</c>.</summary>
    public IReadOnlyDictionary<string, BufferSlice> Assets { get; init; } = new Dictionary<string, BufferSlice>();

    /// <summary>The mask of the output, where the layer itself makes one.</summary>
    public Value OutputMask { get; set; }

    /// <summary>Whether <see cref="OutputMask"/> is the layer's word; else layers that keep the dimensions pass the mask on.</summary>
    public bool SetsMask { get; set; }

    public Value Input => Inputs.Count > 0 ? Inputs[0] : throw KerasErrors.BadConfig.At(Config.Location(), "the layer has no input, expected one");

    public Value Mask => Masks.Count > 0 ? Masks[0] : default;

    public Shape Shape => LayerGraph.ShapeOf(Input);

    public int Rank => Shape.HasRank ? Shape.Rank : throw Unsupported("its input is of unknown rank");

    public Value Op(string op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null) => Graph.Add(op, $"{Scope}/{op}", attributes, inputs);

    public Value Op(string op, Value a, AttributeMap? attributes = null) => Op(op, [a], attributes);

    public Value Op(string op, Value a, Value b, AttributeMap? attributes = null) => Op(op, [a, b], attributes);

    public Value Op(string op, Value a, Value b, Value c, AttributeMap? attributes = null) => Op(op, [a, b, c], attributes);

    public Value Ints(params int[] values) => Graph.Ints($"{Scope}/Const", values);

    public Value Int(int value) => Graph.Int($"{Scope}/Const", value);

    public Value Like(Value other, float value) => Graph.Like(other, $"{Scope}/Const", value);

    /// <summary>The numbers of an option, float32: a scalar if it is one, or a vector.</summary>
    public Value Numbers(string option, float otherwise) =>
        Graph.Const($"{Scope}/{option}", Config.Numbers(option, otherwise) switch { [var one] => Tensor.Scalar(one), var all => Tensor.Wrap(all) });

    public Value Reshape(Value value, params int[] dims) => Op("Reshape", value, Ints(dims));

    public Value Transpose(Value value, params int[] permutation) => Op("Transpose", value, Ints(permutation));

    /// <summary>The value in another type; itself if it has that.</summary>
    public Value Cast(Value value, DType to) =>
        LayerGraph.DTypeOf(value) is var from && from == to ? value : Op("Cast", value, new AttributeMap { { "SrcT", from }, { "DstT", to } });

    public Value Concat(IReadOnlyList<Value> values, int axis) => values.Count == 1 ? values[0] : Op("ConcatV2", [.. values, Int(axis)]);

    /// <summary>The size of a dimension as an int32 scalar: a constant when it is known.</summary>
    public Value Size(Value value, int dim)
    {
        Shape shape = LayerGraph.ShapeOf(value);
        if (shape.HasRank && shape[dim] >= 0)
            return Int((int)Math.Min(shape[dim], int.MaxValue));
        Value whole = Op("Shape", value, new AttributeMap { { "out_type", DType.Int32 } });
        return Op("StridedSlice", [whole, Ints(dim), Ints(dim + 1), Ints(1)], new AttributeMap { { "shrink_axis_mask", 1 } });
    }

    /// <summary>Whether channels come second; the layer then transposes.</summary>
    public bool IsChannelsFirst => Config.Text("data_format", "channels_last") is "channels_first" ? true
        : Config.Text("data_format", "tf") == "th" ? throw Unsupported("its dim_ordering is 'th', of Theano, whose kernels are flipped")
        : false;

    public ModelException Unsupported(string why) => KerasErrors.UnknownLayers.At(Config.Location(), $"the layer cannot be translated: {why}", "export the model as a SavedModel from Keras, and open that");
}
