using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>
/// The vectors that <c>DenseFeatures</c> makes of a table of inputs, one column behind the other, as <c>tf.feature_column</c> defines them. Inputs are
/// [examples] or [examples, values], by the names of their features; values that are empty texts or -1 are not there.
/// </summary>
internal static class FeatureColumns
{
    private const int MostBuckets = 50_000_000, NotThere = -1;
    private const long CrossKey = 0xDECAFCAFFE;

    public static Value Dense(LayerCall call)
    {
        JsonElement[] columns = List(call, call.Config.Find("feature_columns"), "feature_columns");
        var builder = new Columns(call);
        Value[] vectors = [.. columns.Select(builder.Vector)];
        return vectors.Length == 0 ? throw call.Config.Bad("feature_columns", "at least one column") : call.Concat(vectors, -1);
    }

    /// <summary>The features that a layer reads, with the type and the size of each: inputs that a sequence of layers begins with.</summary>
    public static IReadOnlyList<(string Name, DType Type, int Size)> Features(LayerConfig layer)
    {
        var features = new SortedDictionary<string, (DType Type, int Size)>(StringComparer.Ordinal);
        Collect(layer.Find("feature_columns") ?? default, 0);
        return [.. features.Select(f => (f.Key, f.Value.Type, f.Value.Size))];

        void Collect(JsonElement value, int depth)
        {
            const int Deepest = 16;
            if (depth > Deepest)
                return;
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in value.EnumerateArray())
                    Collect(item, depth + 1);
            }
            else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object)
            {
                if (config.TryGetProperty("key", out JsonElement key) && key.ValueKind == JsonValueKind.String)
                {
                    bool isInteger = value.TryGetProperty("class_name", out JsonElement type) && type.ValueEquals("IdentityCategoricalColumn");
                    string name = config.TryGetProperty("dtype", out JsonElement dtype) && dtype.ValueKind == JsonValueKind.String ? dtype.GetString()! : isInteger ? "int64" : "float32";
                    int size = config.TryGetProperty("shape", out JsonElement shape) && shape.ValueKind == JsonValueKind.Array && shape.GetArrayLength() == 1 && shape[0].TryGetInt32(out int given) ? given : 1;
                    features[key.GetString()!] = (DTypes.TryParse(name, out DType known) ? known : throw layer.Bad("dtype", "an element type"), size);
                }

                if (config.TryGetProperty("weight_feature_key", out JsonElement weights) && weights.ValueKind == JsonValueKind.String)
                    features.TryAdd(weights.GetString()!, (DType.Float32, 1));
                foreach (string inner in (ReadOnlySpan<string>)["source_column", "categorical_column", "keys"])
                {
                    if (config.TryGetProperty(inner, out JsonElement column))
                        Collect(column, depth + 1);
                }
            }
            else if (value.ValueKind == JsonValueKind.String)
            {
                // What is crossed as it is.
                features.TryAdd(value.GetString()!, (DType.String, 1));
            }
        }
    }

    private static JsonElement[] List(LayerCall call, JsonElement? value, string name)
    {
        const int Most = 10_000;
        return value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() <= Most ? [.. list.EnumerateArray()] : throw call.Config.Bad(name, $"a list of at most {Most}");
    }

    /// <summary>One call of the layer: its weights are those of the columns that have some, in their order.</summary>
    private sealed class Columns(LayerCall call)
    {
        private int _weights;

        public Value Vector(JsonElement entry)
        {
            LayerConfig column = Read(entry);
            switch (column.Class)
            {
                case "NumericColumn":
                    Value numbers = Number(column);
                    return call.Reshape(numbers, -1, Elements(numbers));
                case "BucketizedColumn":
                    Value bins = Bins(column, out int count, out int size);
                    return call.Reshape(OneHot(bins, count), -1, count * size);
                case "IndicatorColumn":
                    Value ids = Ids(Unweighted(Inner(column, "categorical_column"), out Value? weights), out int buckets), hot = OneHot(ids, buckets);
                    return call.Op("Sum", weights is { } factor ? call.Op("Mul", hot, call.Op("ExpandDims", factor, call.Int(-1))) : hot, call.Ints(1));
                case "EmbeddingColumn":
                    return Embedded(column);
                default:
                    throw Unknown(column);
            }
        }

        private static int Elements(Value value) => LayerGraph.ShapeOf(value) is { HasRank: true } shape && !shape.Dims[1..].Contains(-1) ? (int)shape.Dims[1..].ToArray().Aggregate(1L, (a, b) => a * b) : -1;

        private Value Number(LayerConfig column)
        {
            if (column.Find("normalizer_fn") is { ValueKind: not JsonValueKind.Null })
                throw call.Unsupported($"its column {column.Text("key", "")} is normalized by a function of Python");
            Value x = Feature(column.Text("key", ""));
            return LayerGraph.DTypeOf(x) == DType.String ? throw call.Unsupported($"its column {column.Text("key", "")} is one of numbers, and the input is text") : CoreLayers.AsFloat(call, x);
        }

        /// <summary>The ranges that numbers are in [examples, size].</summary>
        private Value Bins(LayerConfig column, out int count, out int size)
        {
            float[] boundaries = [.. List(call, column.Find("boundaries"), "boundaries").Select(b => b.ValueKind == JsonValueKind.Number ? b.GetSingle() : throw column.Bad("boundaries", "numbers"))];
            Value numbers = Number(Inner(column, "source_column"));
            (count, size) = (boundaries.Length + 1, Elements(numbers));
            if (size < 0)
                throw call.Unsupported("how many numbers a column of ranges has is not known");
            return call.Op("Bucketize", call.Reshape(numbers, -1, size), new AttributeMap { { "boundaries", new ListAttr { Floats = boundaries } } });
        }

        /// <summary>The categories of examples [examples, values], -1 where there is none, and how many categories there are.</summary>
        private Value Ids(LayerConfig column, out int count)
        {
            switch (column.Class)
            {
                case "VocabularyListCategoricalColumn":
                    return Listed(column, out count);
                case "IdentityCategoricalColumn":
                    count = Count(column, "number_buckets");
                    Value own = call.Cast(Feature(column.Text("key", "")), DType.Int64);
                    Value isIn = call.Op("LogicalAnd", call.Op("GreaterEqual", own, Long(0)), call.Op("Less", own, Long(count)));
                    // Those that are out of range stop TensorFlow when there is no other for them.
                    Value other = Long(column.Int("default_value", NotThere));
                    return Where(call.Op("Equal", own, Long(NotThere)), Long(NotThere), Where(isIn, own, other));
                case "HashedCategoricalColumn":
                    count = Count(column, "hash_bucket_size");
                    Value x = Feature(column.Text("key", ""));
                    return Where(IsMissing(x), Long(NotThere), Hash(x, count));
                case "BucketizedColumn":
                    Value bins = Bins(column, out int each, out int size);
                    count = each * size;
                    return call.Op("AddV2", call.Cast(bins, DType.Int64), call.Graph.Const($"{call.Scope}/first", Tensor.Wrap([.. Enumerable.Range(0, size).Select(i => (long)i * each)])));
                case "CrossedColumn":
                    count = Count(column, "hash_bucket_size");
                    return Crossed(column, count);
                default:
                    throw Unknown(column);
            }
        }

        private Value Listed(LayerConfig column, out int count)
        {
            JsonElement[] list = List(call, column.Find("vocabulary_list"), "vocabulary_list");
            Value x = Feature(column.Text("key", ""));
            bool isText = LayerGraph.DTypeOf(x) == DType.String;
            Tensor words = isText ? Tensor.FromStrings([.. list.Select(w => w.ValueKind == JsonValueKind.String ? w.GetString()! : throw column.Bad("vocabulary_list", "texts"))])
                : Tensor.Wrap([.. list.Select(w => w.ValueKind == JsonValueKind.Number && w.TryGetInt64(out long number) ? number : throw column.Bad("vocabulary_list", "integers"))]);
            int more = column.Int("num_oov_buckets", 0);
            if (more is < 0 or > MostBuckets)
                throw column.Bad("num_oov_buckets", $"a number from 0 to {MostBuckets}");
            count = list.Length + more;
            Value wanted = isText ? x : call.Cast(x, DType.Int64);
            long otherwise = more > 0 ? NotThere : column.Int("default_value", NotThere);
            Value found = EncodingLayers.Find(call, words, Tensor.Wrap([.. Enumerable.Range(0, list.Length).Select(i => (long)i)]), wanted, Tensor.Scalar(otherwise));
            if (more > 0)
                found = Where(call.Op("Less", found, Long(0)), call.Op("AddV2", Hash(x, more), Long(list.Length)), found);
            return Where(IsMissing(wanted), Long(NotThere), found);
        }

        /// <summary>A hash of each combination of what an example has in all columns.</summary>
        private Value Crossed(LayerConfig column, int count)
        {
            List<Value> sparse = [], dense = [];
            foreach (JsonElement key in Leaves(column, 0))
            {
                // Features as they are come with empty texts; of columns, only what is there.
                if (key.ValueKind == JsonValueKind.String)
                    dense.Add(Feature(key.GetString()!) is var x && LayerGraph.DTypeOf(x) == DType.String ? x : call.Cast(x, DType.Int64));
                else
                    sparse.Add(Ids(Read(key), out _));
            }

            Value[] places = [.. sparse.Select(s => call.Op("Where", call.Op("NotEqual", s, Long(NotThere))))];
            Value[] inputs = [.. places, .. sparse.Zip(places, (s, at) => call.Op("GatherNd", s, at)), .. sparse.Select(s => call.Op("Shape", s, new AttributeMap { { "out_type", DType.Int64 } })), .. dense];
            long seed = column.Find("hash_key") is { ValueKind: JsonValueKind.Number } given && given.TryGetInt64(out long number) ? number : CrossKey;
            Node cross = call.Op("SparseCross", inputs, new AttributeMap
            {
                { "N", sparse.Count }, { "hashed_output", true }, { "num_buckets", (long)count }, { "hash_key", seed }, { "sparse_types", new ListAttr { Types = [.. sparse.Select(LayerGraph.DTypeOf)] } },
                { "dense_types", new ListAttr { Types = [.. dense.Select(LayerGraph.DTypeOf)] } }, { "out_type", DType.Int64 }, { "internal_type", DType.Int64 },
            }).Node;
            return call.Op("SparseToDense", [new Value(cross, 0), new Value(cross, 2), new Value(cross, 1), Long(NotThere)]);
        }

        // Crosses of crosses are crosses of what they cross.
        private List<JsonElement> Leaves(LayerConfig column, int depth)
        {
            const int Deepest = 8;
            if (depth > Deepest)
                throw column.Bad("keys", $"crosses of at most {Deepest} levels");
            return [.. List(call, column.Find("keys"), "keys").SelectMany(k => k.ValueKind == JsonValueKind.Object && Read(k) is { Class: "CrossedColumn" } inner ? Leaves(inner, depth + 1) : [k])];
        }

        /// <summary>The column whose categories are weighted, and the weights [examples, values]; a column without weights is that column.</summary>
        private LayerConfig Unweighted(LayerConfig column, out Value? weights)
        {
            weights = null;
            if (column.Class != "WeightedCategoricalColumn")
                return column;
            weights = CoreLayers.AsFloat(call, Feature(column.Text("weight_feature_key", "")));
            return Inner(column, "categorical_column");
        }

        /// <summary>
        /// The sum of the vectors of an example's categories, times their weights if they have some; their mean, or their sum by the root of the sum of
        /// squared weights, for which weights that are not above 0 are not there. Zeros where there is none.
        /// </summary>
        private Value Embedded(LayerConfig column)
        {
            if (column.Find("max_norm") is { ValueKind: not JsonValueKind.Null })
                throw call.Unsupported("a column of vectors has a max_norm");
            Value ids = Ids(Unweighted(Inner(column, "categorical_column"), out Value? weights), out _);
            string combiner = column.Text("combiner", "mean");
            Value table = call.Weights.Get(call.Graph, _weights++, "embedding_weights");
            Value factor = call.Cast(call.Op("GreaterEqual", ids, Long(0)), DType.Float32);
            if (weights is { } given)
                factor = call.Op("Mul", factor, combiner == "sum" ? given : call.Op("Maximum", given, call.Like(given, 0)));
            Value rows = call.Op("GatherV2", table, call.Op("Maximum", ids, Long(0)), call.Int(0));
            Value sum = call.Op("Sum", call.Op("Mul", rows, call.Op("ExpandDims", factor, call.Int(-1))), call.Ints(1));
            Value Total(Value of) => call.Op("Sum", of, call.Ints(1), new AttributeMap { { "keep_dims", true } });
            // Those without any are zeros by whatever number that is not 0.
            Value OrOne(Value total) => call.Op("SelectV2", call.Op("Greater", total, call.Like(total, 0)), total, call.Like(total, 1));
            return combiner switch
            {
                "sum" => sum,
                "mean" => call.Op("RealDiv", sum, OrOne(Total(factor))),
                "sqrtn" => call.Op("RealDiv", sum, call.Op("Sqrt", OrOne(Total(call.Op("Mul", factor, factor))))),
                _ => throw call.Unsupported($"a column of vectors is combined by '{combiner}'"),
            };
        }

        /// <summary>An input by the name of its feature, or by its place among the sorted names, as [examples, values].</summary>
        private Value Feature(string name)
        {
            IReadOnlyList<(string Name, DType, int)> all = Features(call.Config);
            int at = Enumerable.Range(0, all.Count).FirstOrDefault(i => all[i].Name == name, -1);
            Value x = call.Named.TryGetValue(name, out IReadOnlyList<Value>? named) && named.Count > 0 ? named[0]
                : at >= 0 && call.Inputs.Count == all.Count ? call.Inputs[at] : throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has no input '{name}', which its columns read");
            return LayerGraph.ShapeOf(x) is { HasRank: true, Rank: 1 } ? call.Op("ExpandDims", x, call.Int(1)) : x;
        }

        private Value IsMissing(Value x) => LayerGraph.DTypeOf(x) == DType.String
            ? call.Op("Equal", x, call.Graph.Const($"{call.Scope}/none", Tensor.FromStrings([""]).Reshaped(Shape.Scalar))) : call.Op("Equal", x, call.Graph.Const($"{call.Scope}/none", LayerGraph.DTypeOf(x) == DType.Int32 ? Tensor.Scalar(NotThere) : Tensor.Scalar((long)NotThere)));

        private Value Hash(Value x, int count) =>
            call.Op("StringToHashBucketFast", LayerGraph.DTypeOf(x) == DType.String ? x : call.Op("AsString", x), new AttributeMap { { "num_buckets", (long)count } });

        private Value OneHot(Value ids, int count) =>
            call.Op("OneHot", [ids, call.Int(count), call.Graph.Const($"{call.Scope}/on", Tensor.Scalar(1f)), call.Graph.Const($"{call.Scope}/off", Tensor.Scalar(0f))], new AttributeMap { { "axis", -1 } });

        private Value Where(Value condition, Value yes, Value no) => call.Op("SelectV2", condition, yes, no);

        private Value Long(long value) => call.Graph.Const($"{call.Scope}/Const", Tensor.Scalar(value));

        private LayerConfig Read(JsonElement entry) => LayerConfig.Read(entry, call.Config.File, call.Config.KerasVersion);

        private LayerConfig Inner(LayerConfig column, string name) => Read(column.Find(name) ?? throw column.Bad(name, "a column"));

        private static int Count(LayerConfig column, string name) => column.Int(name) is > 0 and <= MostBuckets and var count ? count : throw column.Bad(name, $"a number from 1 to {MostBuckets}");

        private ModelException Unknown(LayerConfig column) => call.Unsupported($"its column is of the class {LayerConfig.Shorten(column.Class)}");
    }
}
