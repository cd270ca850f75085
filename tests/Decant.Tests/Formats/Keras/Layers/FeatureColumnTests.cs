using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>DenseFeatures: each column by hand; the cross is that of the documentation of HashedCrossing, which has the same hash.</summary>
public sealed class FeatureColumnTests
{
    private const string Age = """{"class_name": "NumericColumn", "config": {"key": "age", "shape": [1], "default_value": null, "dtype": "float32", "normalizer_fn": null}}""";
    private const string Bucketized = $$$"""{"class_name": "BucketizedColumn", "config": {"source_column": {{{Age}}}, "boundaries": [18, 30.5]}}""";
    private const string Cross = """{"class_name": "IndicatorColumn", "config": {"categorical_column": {"class_name": "CrossedColumn", "config": {"keys": ["letter", "number"], "hash_bucket_size": 5, "hash_key": null}}}}""";
    private const string Identity = """{"class_name": "IdentityCategoricalColumn", "config": {"key": "place", "number_buckets": 3, "default_value": null}}""";
    private const string Size = """{"class_name": "NumericColumn", "config": {"key": "size", "shape": [2], "default_value": null, "dtype": "float32", "normalizer_fn": null}}""";
    private const string Listed = """{"class_name": "VocabularyListCategoricalColumn", "config": {"key": "thal", "vocabulary_list": ["fixed", "normal"], "dtype": "string", "default_value": -1, "num_oov_buckets": 0}}""";
    private const string Hashed = """{"class_name": "HashedCategoricalColumn", "config": {"key": "thal", "hash_bucket_size": 1, "dtype": "string"}}""";

    private const string Weighted = $$$"""{"class_name": "WeightedCategoricalColumn", "config": {"categorical_column": {{{Identity}}}, "weight_feature_key": "weight", "dtype": "float32"}}""";

    private static readonly Tensor Table = Tensor.Wrap([1f, 10, 2, 20, 4, 40], new Shape(3, 2));

    private static readonly Dictionary<string, Tensor> Feeds = new()
    {
        ["age"] = Tensor.Wrap([10f, 18, 40, 17.5f, 30.5f], new Shape(5, 1)),
        ["letter"] = Tensor.FromStrings(["A", "B", "A", "B", "A"]).Reshaped(new Shape(5, 1)),
        ["number"] = Tensor.Wrap([101L, 101, 101, 102, 102], new Shape(5, 1)),
        ["place"] = Tensor.Wrap([0L, 1, 2, -1, -1, -1, 1, 1, 2, 0], new Shape(5, 2)),
        ["size"] = Tensor.Wrap([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10], new Shape(5, 2)),
        ["thal"] = Tensor.FromStrings(["fixed", "normal", "fixed", "fixed", "", "", "other", "normal", "normal", ""]).Reshaped(new Shape(5, 2)),
        ["weight"] = Tensor.Wrap([2f, 4, 3, 0, 0, 0, 1, -2, 0.5f, 1.5f], new Shape(5, 2)),
    };

    /// <summary>Columns, and what they give for the five examples.</summary>
    public static TheoryData<string, float[]> Columns => new()
    {
        { Age, [10, 18, 40, 17.5f, 30.5f] },
        { Bucketized, [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1] },
        { Size, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        { Cross, [0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0] },
        { Indicator(Listed), [1, 1, 2, 0, 0, 0, 0, 1, 0, 1] },
        { Indicator(Listed.Replace("buckets\": 0", "buckets\": 1", StringComparison.Ordinal)), [1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0] },
        { Indicator(Identity), [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 1, 0, 1] },
        { Indicator(Hashed), [2, 2, 0, 2, 1] },
        { Indicator(Bucketized), [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1] },
        { Embedding("mean"), [1.5f, 15, 4, 40, 0, 0, 2, 20, 2.5f, 25] },
        { Embedding("sum"), [3, 30, 4, 40, 0, 0, 4, 40, 5, 50] },
        { Embedding("sqrtn"), [3 / MathF.Sqrt(2), 30 / MathF.Sqrt(2), 4, 40, 0, 0, 4 / MathF.Sqrt(2), 40 / MathF.Sqrt(2), 5 / MathF.Sqrt(2), 50 / MathF.Sqrt(2)] },
        { Indicator(Weighted), [2, 4, 0, 0, 0, 3, 0, 0, 0, 0, -1, 0, 1.5f, 0, 0.5f] },
        { Embedding("sum", Weighted), [10, 100, 12, 120, 0, 0, -2, -20, 3.5f, 35] },
        // Weights that are not above 0 count for sums alone.
        { Embedding("mean", Weighted), [10f / 6, 100f / 6, 4, 40, 0, 0, 2, 20, 1.75f, 17.5f] },
        { Embedding("sqrtn", Weighted), [10 / MathF.Sqrt(20), 100 / MathF.Sqrt(20), 4, 40, 0, 0, 2, 20, 3.5f / MathF.Sqrt(2.5f), 35 / MathF.Sqrt(2.5f)] },
        { $"{Age}, {Embedding("mean")}", [10, 1.5f, 15, 18, 4, 40, 40, 0, 0, 17.5f, 2, 20, 30.5f, 2.5f, 25] },
        { Indicator($$$"""{"class_name": "CrossedColumn", "config": {"keys": [{{{Bucketized}}}, {{{Listed}}}], "hash_bucket_size": 1, "hash_key": 7}}"""), [2, 2, 0, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_column_is_what_its_definition_says(string columns, float[] expected)
    {
        // A table of tensors, a list of them by the sorted names, and a sequence that begins with the layer.
        // Nothing tells the types of what is crossed as it is, but for the inputs themselves.
        foreach (string form in columns == Cross ? ["table", "list"] : (string[])["table", "list", "sequence"])
        {
            using var folder = new TemporaryFolder();
            string file = Write(folder["m.h5"], columns, form, columns.Contains("EmbeddingColumn", StringComparison.Ordinal));
            using Model model = Model.Load(file);
            Check(model, expected);
            model.Save(folder["keras_h5"], "keras_h5");
            using Model back = Model.Load(folder["keras_h5"]);
            Check(back, expected);
            // Keras 3 has no feature columns.
            Assert.Throws<ModelException>(() => model.Save(folder["keras"], "keras"));
        }
    }

    [Theory]
    [InlineData("""{"class_name": "NumericColumn", "config": {"key": "age", "shape": [1], "dtype": "float32", "normalizer_fn": "f"}}""", "its column age is normalized by a function of Python")]
    [InlineData("""{"class_name": "SharedEmbeddingColumn", "config": {"key": "age", "dtype": "float32"}}""", "its column is of the class SharedEmbeddingColumn")]
    [InlineData("""{"class_name": "NumericColumn", "config": {"key": "thal", "shape": [1], "dtype": "string"}}""", "its column thal is one of numbers, and the input is text")]
    public void A_column_that_cannot_be_made_is_told(string column, string message)
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder["m.h5"], column, "sequence", hasTable: false);
        Assert.Contains(message, Assert.Throws<ModelException>(() => Model.Load(file)).Message, StringComparison.Ordinal);
    }

    private static string Indicator(string column) => $$$"""{"class_name": "IndicatorColumn", "config": {"categorical_column": {{{column}}}}}""";

    private static string Embedding(string combiner, string of = Identity) =>
        $$$"""{"class_name": "EmbeddingColumn", "config": {"categorical_column": {{{of}}}, "dimension": 2, "combiner": "{{{combiner}}}", "max_norm": null, "trainable": true}}""";

    private static void Check(Model model, float[] expected)
    {
        SignatureView view = SignatureView.Of(model);
        using var session = new Session(model);
        Tensor found = session.Run(view.Inputs.ToDictionary(i => i.Name, i => Feeds[i.Name]), [view.Outputs[0].Name])[view.Outputs[0].Name];
        Assert.Equal(new Shape(5, expected.Length / 5), found.Shape);
        Assert.All(expected.Zip(found.Span<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static string Write(string path, string columns, string form, bool hasTable)
    {
        string[] read = [.. Feeds.Keys.Where(k => columns.Contains($"\"{k}\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string layer = $$$"""{"class_name": "DenseFeatures", "name": "features", "config": {"name": "features", "feature_columns": [{{{columns}}}], "partitioner": null}""";
        string config = $$$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{{{layer}}}}], "build_input_shape": {{{Shapes(read)}}}}}""";
        if (form != "sequence")
        {
            string calls = form == "table" ? $"{{{string.Join(", ", read.Select(r => $"\"{r}\": [\"{r}\", 0, 0, {{}}]"))}}}" : $"[{string.Join(", ", read.Select(r => $"[\"{r}\", 0, 0, {{}}]"))}]";
            string[] inputs = [.. read.Select(r => $$$"""{"class_name": "InputLayer", "name": "{{{r}}}", "config": {"name": "{{{r}}}", "batch_input_shape": [null, {{{Feeds[r].Shape[1]}}}], "dtype": "{{{Feeds[r].DType.Name()}}}"}, "inbound_nodes": []}""")];
            config = $$$"""{"class_name": "Functional", "config": {"name": "m", "layers": [{{{string.Join(", ", inputs)}}}, {{{layer}}}, "inbound_nodes": [{{{calls}}}]}], "input_layers": [{{{string.Join(", ", read.Select(r => $"[\"{r}\", 0, 0]"))}}}], "output_layers": [["features", 0, 0]]}}""";
        }

        return KerasModelFile.Write(path, config, "2.4.0", hasTable ? [("features", "features/place_embedding/embedding_weights:0", Table)] : []);
    }

    private static string Shapes(string[] names) => new JsonObject(names.Select(n => new KeyValuePair<string, JsonNode?>(n, new JsonArray(null, (int)Feeds[n].Shape[1])))).ToJsonString();
}
