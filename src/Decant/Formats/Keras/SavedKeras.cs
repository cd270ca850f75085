using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.Formats.Variables;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Keras;

/// <summary>
/// The Keras model that a SavedModel was saved of. Keras tells of each object what it is, as JSON: in <c>keras_metadata.pb</c>, and before
/// TensorFlow 2.5 in the object graph. A layer holds its weights as a list, <c>variables</c>, in Keras's order.
/// </summary>
internal static class SavedKeras
{
    public const string File = "keras_metadata.pb";

    private const int NodesField = 1, NodeIdField = 2, MetadataField = 5;

    /// <summary>Reads the model; null when the SavedModel is none of Keras.</summary>
    /// <exception cref="ModelException">It has layers that are not known, or weights that the checkpoint does not have.</exception>
    public static KerasParts? Find(Model model)
    {
        List<SavedObject> objects = SavedObjects.Read(model.TensorFlow.ObjectGraph);
        Dictionary<int, JsonObject> described = Described(model, objects);
        if (!described.TryGetValue(0, out JsonObject? root) || (root["model_config"] as JsonObject ?? root)["config"] is null)
            return null;
        if (SavedObjects.Values(model, objects) is not { } values)
            return null;
        JsonObject config = Config(root);
        new SavedVocabularies(model, objects, described).Tell(config, 0);
        var description = new KerasDescription(DescriptionJson.Bytes(config, model.Path), model.Path, root.Text("keras_version") ?? "2")
        {
            Backend = root.Text("backend") ?? "tensorflow",
            TrainingConfig = root["training_config"] is JsonObject training ? DescriptionJson.Bytes(DescriptionJson.Lists(training)!, model.Path) : default,
        };
        return ModelBuilder.Build(description, _ => new ObjectWeights(objects, described, values, 0)).Keras;
    }

    /// <summary>The objects of the layers of a model by their names.</summary>
    public static Dictionary<string, int> LayersOf(int model, IReadOnlyList<SavedObject> objects, IReadOnlyDictionary<int, JsonObject> described) => objects[model].Children
        .Where(c => c.Name.StartsWith("layer", StringComparison.Ordinal) && described.ContainsKey(c.Node)).GroupBy(c => described[c.Node].Text("name") ?? "").ToDictionary(g => g.Key, g => g.First().Node);

    private static JsonObject Config(JsonObject root)
    {
        if (root["model_config"] is JsonObject config && DescriptionJson.Lists(config) is JsonObject lists)
            return lists;
        return new JsonObject { ["class_name"] = root.Text("class_name"), ["config"] = DescriptionJson.Lists(root["config"]) };
    }

    /// <summary>What Keras tells of objects, by their numbers.</summary>
    private static Dictionary<int, JsonObject> Described(Model model, List<SavedObject> objects)
    {
        var described = new Dictionary<int, JsonObject>();
        if (model.TensorFlow.Files.FirstOrDefault(f => f.Name == File) is { } file)
        {
            var reader = new ProtoReader(file.Bytes);
            while (reader.Next())
            {
                if (reader.Field != NodesField)
                    continue;
                (int id, BufferSlice metadata) = (0, default);
                ProtoReader node = reader.Message();
                while (node.Next())
                {
                    if (node.Field == NodeIdField)
                        id = node.Int32();
                    else if (node.Field == MetadataField)
                        metadata = node.Bytes();
                }

                Add(id, metadata);
            }
        }

        foreach ((int id, SavedObject saved) in objects.Index())
            Add(id, saved.Metadata);
        return described;

        void Add(int id, BufferSlice metadata)
        {
            // Metrics and others have no JSON, or other.
            if (id >= 0 && id < objects.Count && !metadata.IsEmpty && metadata.Span[0] == (byte)'{')
                described.TryAdd(id, DescriptionJson.Parse(metadata));
        }
    }

    /// <summary>The weights of the layers that an object holds, which is a model.</summary>
    private sealed class ObjectWeights(IReadOnlyList<SavedObject> objects, Dictionary<int, JsonObject> described, Dictionary<int, VariableEntry> values, int model) : KerasWeights
    {
        private readonly Dictionary<string, int> _layers = LayersOf(model, objects, described);

        public override IReadOnlyList<KerasWeight> Of(LayerConfig layer)
        {
            if (!_layers.TryGetValue(layer.Name, out int node) || objects[node].Find(objects, "variables") is not { } list)
                return [];
            return [.. objects[list].Children.Where(c => int.TryParse(c.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).OrderBy(c => int.Parse(c.Name, CultureInfo.InvariantCulture)).Select(c => Weight(c.Node, layer))];
        }

        public override KerasWeights Nested(LayerConfig nested, IReadOnlyList<LayerConfig> layers) =>
            _layers.TryGetValue(nested.Name, out int node) ? new ObjectWeights(objects, described, values, node) : new NamedWeights([]);

        private KerasWeight Weight(int node, LayerConfig layer)
        {
            if (!values.TryGetValue(node, out VariableEntry? entry) || objects[node].Variable is not { } name)
                throw KerasErrors.BadWeights.At(layer.Location(), "the layer holds a weight that the checkpoint has no value for");
            return new KerasWeight(NamedWeights.LastPart(name), new VariableAttr(entry)) { StoredName = name };
        }
    }
}
