using System.Text.Json;
using Decant.Formats.Keras.Layers;
using Decant.Formats.Keras.Layers.Operations;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>Makes a graph of TensorFlow's ops of a model's description and weights.</summary>
internal sealed class ModelBuilder
{
    private static readonly Dictionary<string, IReadOnlyList<Value>> NoNames = [];
    private static readonly Dictionary<string, JsonElement> NoConstants = [];

    private readonly Model _model = new();
    private readonly LayerGraph _graph;
    private readonly Dictionary<Value, Value> _masks = [];
    private readonly Dictionary<LayerConfig, LayerWeights> _weights = [];
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<LayerConfig, Shape> _shapes = [];

    private ModelBuilder() => _graph = new LayerGraph(_model.Graph, _model.Functions);

    /// <summary>Builds the graph. The weights are looked for when all layers are known.</summary>
    /// <exception cref="ModelException">The description is malformed, has layers that are not known, or does not fit the weights.</exception>
    public static Model Build(KerasDescription description, Func<IReadOnlyList<LayerConfig>, KerasWeights> weights)
    {
        LayerConfig config = description.Parse();
        ModelLayers.RefuseUnknown(config);
        if (!ModelLayers.IsModel(config))
            throw KerasErrors.UnknownLayers.At(config.Location(), $"the model is of the class {config.Class}, whose layers its description does not tell", "export the model as a SavedModel from Keras, and open that");
        IReadOnlyList<LayerConfig> layers = ModelLayers.Of(config);
        var builder = new ModelBuilder();
        IReadOnlyList<(string Name, Value Value)> inputs = builder.Inputs(config, layers);
        List<SignatureTensor> ins = [.. inputs.Select(i => builder.Describe(i.Name, i.Value))];
        KerasWeights found = weights(layers);
        var outputs = builder.Call(config, layers, found, [.. inputs.Select(i => i.Value)]);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var outs = new List<SignatureTensor>();
        foreach ((string name, Value value) in outputs)
        {
            string free = name;
            for (int i = 1; !names.Add(free); i++)
                free = $"{name}_{i}";
            outs.Add(builder.Describe(free, value.Node.Op.Name is "Placeholder" or "Const" ? builder._graph.Add("Identity", $"{name}/Identity", null, value) : value));
        }

        builder._model.Signatures.Add(new Signature(SignatureView.DefaultKey, "tensorflow/serving/predict", ins, outs));
        builder._model.TensorFlow.TableInitializers = builder._graph.Initializers;
        // How it was trained is not needed to run the model.
        BufferSlice training = description.TrainingConfig.IsEmpty || JsonTexts.IsObject(description.TrainingConfig) ? description.TrainingConfig : default;
        if (training.IsEmpty && !description.TrainingConfig.IsEmpty)
            builder._model.Notes.Add($"{description.File} tells how the model was trained in a text that is no JSON object: it is left out");
        builder._model.Keras = new KerasParts
        {
            Version = description.Version,
            Backend = description.Backend,
            Config = description.Config,
            TrainingConfig = training,
            Optimizer = description.Optimizer,
            Metrics = description.Metrics,
            Layers = [.. builder.Parts(layers, found)],
        };
        return builder._model;
    }

    private IEnumerable<KerasLayer> Parts(IReadOnlyList<LayerConfig> layers, KerasWeights weights) => layers.SelectMany(ModelLayers.Flat).Where(l => !OperationTable.IsOfKeras3(l)).Select(l => Part(l, weights));

    private KerasLayer Part(LayerConfig layer, KerasWeights weights)
    {
        if (!ModelLayers.IsModel(layer) && ModelLayers.WrappedModel(layer) is { } wrapped)
        {
            IReadOnlyList<LayerConfig> inner = ModelLayers.Of(wrapped);
            KerasWeights of = WrappedWeights(layer, weights, inner);
            var model = new KerasLayer(wrapped.Name, wrapped.Class, [], [.. Parts(inner, of)]) { Part = ArchiveWeights.PartOf(layer), IsTrainable = wrapped.Flag("trainable", true) };
            return new KerasLayer(layer.Name, layer.Class, [], [model]) { IsTrainable = layer.Flag("trainable", true) };
        }

        if (!ModelLayers.IsModel(layer))
        {
            IReadOnlyList<KerasWeight> named = (_weights.TryGetValue(layer, out LayerWeights? own) ? own : new LayerWeights(layer, weights.Of(layer), "")).Named();
            return new KerasLayer(layer.Name, layer.Class, named, []) { IsTrainable = layer.Flag("trainable", true), InputShape = _shapes.GetValueOrDefault(layer, Shape.Unknown), Assets = weights.AssetsOf(layer) };
        }

        IReadOnlyList<LayerConfig> layers = ModelLayers.Of(layer);
        KerasWeights nested = NestedWeights(layer, weights, layers);
        return new KerasLayer(layer.Name, layer.Class, [], [.. Parts(layers, nested)]) { IsTrainable = layer.Flag("trainable", true) };
    }

    private SignatureTensor Describe(string name, Value value) => new(name, $"{value.Node.Name}:{value.Port}", LayerGraph.DTypeOf(value), LayerGraph.ShapeOf(value));

    private IReadOnlyList<(string Name, Value Value)> Inputs(LayerConfig model, IReadOnlyList<LayerConfig> layers)
    {
        if (!ModelLayers.IsSequential(model))
            return FunctionalInputs(model, layers);
        if (layers.Count > 0 && layers[0].Class == "DenseFeatures")
            return FeatureInputs(layers[0], model);
        if (layers.Count == 0 || ModelLayers.Joined(layers[0]) is not { Count: > 0 } joined)
            return [SequentialInput(model, layers)];
        return [.. joined.SelectMany(j => Inputs(j, ModelLayers.IsModel(j) ? ModelLayers.Of(j) : [j]))];
    }

    private List<(string Name, Value Value)> FeatureInputs(LayerConfig layer, LayerConfig model)
    {
        JsonElement shapes = model.Find("build_input_shape") ?? default;
        return [.. FeatureColumns.Features(layer).Select(f => (f.Name, (Value)Input(f.Name, f.Type, Built(f.Name) ?? new Shape(Shape.UnknownDimension, f.Size))))];

        // Lists, or {"class_name": "TensorShape", "items": [...]}.
        Shape? Built(string name) => shapes.ValueKind == JsonValueKind.Object && shapes.TryGetProperty(name, out JsonElement shape)
            && (shape.ValueKind == JsonValueKind.Object && shape.TryGetProperty("items", out JsonElement items) ? items : shape) is { ValueKind: JsonValueKind.Array } dims && dims.GetArrayLength() is 1 or 2
            ? new Shape([.. dims.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Number && d.TryGetInt32(out int size) && size >= 0 ? size : Shape.UnknownDimension)]) : null;
    }

    private (string Name, Value Value) SequentialInput(LayerConfig model, IReadOnlyList<LayerConfig> layers)
    {
        LayerConfig first = layers.Count > 0 ? layers[0] : throw KerasErrors.BadConfig.At(model.Location(), "the model has no layers");
        if (first.Class == "InputLayer")
            return (first.Name, Placeholder(first.Name, first, first));
        LayerConfig shaped = first;
        string name = $"{first.Name}_input";
        for (int depth = 0; ModelLayers.IsModel(shaped) && depth < 16; depth++)
            shaped = ModelLayers.Of(shaped).FirstOrDefault() ?? throw KerasErrors.BadConfig.At(shaped.Location(), "the model has no layers");
        if (shaped.Class is "Bidirectional" or "TimeDistributed" && shaped.Find("batch_shape") is null && shaped.Find("layer") is { } inner)
            shaped = LayerConfig.Read(inner, model.File, model.KerasVersion);
        return (name, Placeholder(name, shaped, model));
    }

    private List<(string Name, Value Value)> FunctionalInputs(LayerConfig model, IReadOnlyList<LayerConfig> layers)
    {
        var inputs = new List<(string, Value)>();
        foreach (TensorId id in TensorId.ReadAll(model, "input_layers"))
        {
            LayerConfig layer = layers.FirstOrDefault(l => l.Name == id.Layer) ?? throw model.Bad("input_layers", $"layers of the model; there is no '{id.Layer}'");
            inputs.Add((layer.Name, Placeholder(layer.Name, layer, model)));
        }

        return inputs;
    }

    private Value Placeholder(string name, LayerConfig layer, LayerConfig model)
    {
        JsonElement? shape = layer.Find("batch_shape") ?? model.Find("build_input_shape")
            ?? (model.Whole.TryGetProperty("build_config", out JsonElement build) && build.ValueKind == JsonValueKind.Object && build.TryGetProperty("input_shape", out JsonElement built) ? built : null);
        if (shape is not { ValueKind: JsonValueKind.Array } dims)
            throw KerasErrors.BadConfig.At(layer.Location(), "the model does not tell the shape of its input, as it was saved before it was built", "call the model once in Keras, and save it again");
        var sizes = new List<long>();
        foreach (JsonElement dim in dims.EnumerateArray())
            sizes.Add(dim.ValueKind == JsonValueKind.Null ? -1 : dim.ValueKind == JsonValueKind.Number && dim.TryGetInt32(out int size) && size >= 0 ? size : throw layer.Bad("batch_shape", "a list of sizes or null"));
        string type = layer.Find("dtype") is { ValueKind: JsonValueKind.String } && layer.Class is "InputLayer" ? layer.Text("dtype", "float32") : layer.Text("input_dtype", "float32");
        DType dtype = DTypes.TryParse(type, out DType known) ? known : throw layer.Bad("dtype", "an element type");
        return Input(name, dtype, new Shape([.. sizes]));
    }

    private Node Input(string name, DType dtype, Shape shape)
    {
        Node node = _graph.Graph.Add(_graph.Graph.FreeName(name), "Placeholder", [], new AttributeMap { { "dtype", dtype }, { "shape", shape } });
        node.Facts = [new Fact(dtype, shape)];
        return node;
    }

    /// <summary>Calls a model with values, and gives its outputs with the names of the layers that they come from.</summary>
    private IReadOnlyList<(string Name, Value Value)> Call(LayerConfig model, IReadOnlyList<LayerConfig> layers, KerasWeights weights, IReadOnlyList<Value> inputs) =>
        ModelLayers.IsSequential(model) ? CallSequential(layers, weights, inputs) : CallFunctional(model, layers, weights, inputs);

    private IReadOnlyList<(string, Value)> CallSequential(IReadOnlyList<LayerConfig> layers, KerasWeights weights, IReadOnlyList<Value> inputs)
    {
        IReadOnlyList<Value> values = layers.Count > 0 && ModelLayers.Joined(layers[0]) is { Count: > 0 } joined ? CallJoined(joined, weights, new Queue<Value>(inputs)) : inputs;
        foreach (LayerConfig layer in layers)
        {
            if (layer.Class != "InputLayer")
                values = CallLayer(layer, weights, values, NoNames, NoConstants, CallArguments.None);
        }

        return [.. values.Select(v => (layers[^1].Name, v))];
    }

    // Each takes as many of the inputs as it has.
    private List<Value> CallJoined(IReadOnlyList<LayerConfig> joined, KerasWeights weights, Queue<Value> inputs)
    {
        var values = new List<Value>();
        foreach (LayerConfig branch in joined)
        {
            IReadOnlyList<LayerConfig> layers = ModelLayers.IsModel(branch) ? ModelLayers.Of(branch) : [branch];
            values.AddRange(Call(branch, layers, weights, [.. Enumerable.Range(0, CountInputs(branch, layers)).Select(_ => inputs.TryDequeue(out Value value)
                ? value
                : throw KerasErrors.BadConfig.At(branch.Location(), "the model has fewer inputs than what it joins"))]).Select(o => o.Value));
        }

        return values;
    }

    private static int CountInputs(LayerConfig model, IReadOnlyList<LayerConfig> layers) =>
        !ModelLayers.IsSequential(model) ? TensorId.ReadAll(model, "input_layers").Count
        : layers.Count > 0 && ModelLayers.Joined(layers[0]) is { Count: > 0 } joined ? joined.Sum(j => CountInputs(j, ModelLayers.IsModel(j) ? ModelLayers.Of(j) : [j])) : 1;

    private List<(string, Value)> CallFunctional(LayerConfig model, IReadOnlyList<LayerConfig> layers, KerasWeights weights, IReadOnlyList<Value> inputs)
    {
        var values = new Dictionary<TensorId, Value>();
        IReadOnlyList<TensorId> given = TensorId.ReadAll(model, "input_layers");
        if (given.Count != inputs.Count)
            throw KerasErrors.BadConfig.At(model.Location(), $"the model is called with {inputs.Count} values, and has {given.Count} inputs");
        for (int i = 0; i < given.Count; i++)
            values[given[i]] = inputs[i];
        List<(LayerConfig Layer, int Index, InboundCall Call)> waiting = [.. layers.Where(l => l.Class != "InputLayer").SelectMany(l => InboundCall.ReadAll(l).Select((call, i) => (l, i, call)))];
        IReadOnlyList<TensorId> taken = TensorId.ReadAll(model, "output_layers");
        Dictionary<string, CallNumbers> numbers = CallNumbers.Of(model, layers, waiting.SelectMany(w => w.Call.All), taken);
        while (waiting.Count > 0)
        {
            var later = new List<(LayerConfig, int, InboundCall)>();
            foreach ((LayerConfig layer, int index, InboundCall call) in waiting)
            {
                if (!call.All.All(values.ContainsKey))
                {
                    later.Add((layer, index, call));
                    continue;
                }

                IReadOnlyList<Value> results = CallLayer(layer, weights, [.. call.Inputs.Select(i => values[i])], call.Named.ToDictionary(n => n.Key, n => (IReadOnlyList<Value>)[.. n.Value.Select(i => values[i])]), call.Constants, new CallArguments(call.Arguments, call.Keywords, id => values[id]));
                for (int i = 0; i < results.Count; i++)
                    values[new TensorId(layer.Name, numbers.GetValueOrDefault(layer.Name).Inside + index, i)] = results[i];
            }

            if (later.Count == waiting.Count)
                break;
            waiting = later;
        }

        // Calls of layers that are shared with another model read tensors of that one, and are not of this model.
        return [.. taken.Select(o => (o.Layer, values.TryGetValue(o with { Call = o.Call + numbers.GetValueOrDefault(o.Layer).Inside - numbers.GetValueOrDefault(o.Layer).Outside }, out Value value)
            ? value
            : throw KerasErrors.BadConfig.At(model.Location("output_layers"), $"output {o.Output} of call {o.Call} of '{o.Layer}' cannot be computed: its layers read one another in a circle, or tensors that are not there")))];
    }

    private IReadOnlyList<Value> CallLayer(LayerConfig layer, KerasWeights weights, IReadOnlyList<Value> inputs, IReadOnlyDictionary<string, IReadOnlyList<Value>> named, IReadOnlyDictionary<string, JsonElement> constants, CallArguments arguments)
    {
        if (_graph.Graph.Nodes.Count > ModelLayers.Most * 100)
            throw KerasErrors.BadConfig.At(layer.Location(), "the layers call one another more often than is allowed");
        if (ModelLayers.IsModel(layer))
        {
            IReadOnlyList<LayerConfig> inner = ModelLayers.Of(layer);
            return [.. Call(layer, inner, NestedWeights(layer, weights, inner), inputs).Select(o => o.Value)];
        }

        int count = _calls[layer.Name] = _calls.GetValueOrDefault(layer.Name) + 1;
        string scope = SafeName(count == 1 ? layer.Name : $"{layer.Name}_{count - 1}");
        if (!_weights.TryGetValue(layer, out LayerWeights? own))
            _weights.Add(layer, own = new LayerWeights(layer, weights.Of(layer), scope));
        if (inputs.Count > 0)
            _shapes[layer] = _shapes.TryGetValue(layer, out Shape known) ? known.Join(LayerGraph.ShapeOf(inputs[0])) : LayerGraph.ShapeOf(inputs[0]);
        Value[] masks = [.. inputs.Select(i => _masks.GetValueOrDefault(i))];
        var call = new LayerCall(_graph, layer, own, scope, inputs, masks) { Named = named, Constants = constants, Arguments = arguments, MaskOf = v => _masks.GetValueOrDefault(v), Assets = weights.AssetsOf(layer), CallModel = (inner, value) => CallWrapped(layer, inner, weights, value) };
        IReadOnlyList<Value> outputs;
        try
        {
            outputs = LayerTable.Find(layer)!(call);
        }
        catch (ModelException e) when (e.Diagnostics[0].Code.Id.StartsWith("op", StringComparison.Ordinal) || e.Diagnostics[0].Location?.File is null)
        {
            throw KerasErrors.BadConfig.At(layer.Location(), $"the layer does not fit its inputs or weights ({e.Diagnostics[0].Message})", "save the model again with its weights, or export it as a SavedModel from Keras and open that");
        }

        Value mask = call.SetsMask ? call.OutputMask : !OperationTable.IsOfKeras3(layer) && LayerTable.KeepsMask(layer.Class) ? Joined(call, masks) : default;
        if (mask.IsPresent)
            _masks[outputs[0]] = mask;
        return outputs;
    }

    private Value CallWrapped(LayerConfig wrapper, LayerConfig model, KerasWeights weights, Value value)
    {
        IReadOnlyList<LayerConfig> inner = ModelLayers.Of(model);
        IReadOnlyList<(string Name, Value Value)> outputs = Call(model, inner, WrappedWeights(wrapper, weights, inner), [value]);
        return outputs is [var one] ? one.Value : throw KerasErrors.UnknownLayers.At(wrapper.Location(), $"the model inside has {outputs.Count} outputs, expected one", "export the model as a SavedModel from Keras, and open that");
    }

    private KerasWeights WrappedWeights(LayerConfig wrapper, KerasWeights weights, IReadOnlyList<LayerConfig> layers)
    {
        if (!_nested.TryGetValue(wrapper, out KerasWeights? wrapped))
            _nested.Add(wrapper, wrapped = weights.Wrapped(wrapper, layers));
        return wrapped;
    }

    private readonly Dictionary<LayerConfig, KerasWeights> _nested = [];

    private KerasWeights NestedWeights(LayerConfig model, KerasWeights weights, IReadOnlyList<LayerConfig> layers)
    {
        if (!_nested.TryGetValue(model, out KerasWeights? nested))
            _nested.Add(model, nested = weights.Nested(model, layers));
        return nested;
    }

    private static Value Joined(LayerCall call, Value[] masks)
    {
        Value joined = default;
        foreach (Value mask in masks.Where(m => m.IsPresent))
            joined = joined.IsPresent && joined != mask ? call.Op("LogicalAnd", joined, mask) : mask;
        return joined;
    }

    /// <summary>TensorFlow's names have letters, digits and <c>._-/\</c>, and begin with a letter, digit or dot.</summary>
    private static string SafeName(string name)
    {
        string safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' ? c : '_'));
        return safe.Length > 0 && (char.IsAsciiLetterOrDigit(safe[0]) || safe[0] == '.') ? safe : "layer" + safe;
    }
}
