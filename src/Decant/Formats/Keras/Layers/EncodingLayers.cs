using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that make numbers of words, categories and ranges, and vectors of those.</summary>
internal static class EncodingLayers
{
    private const int MostTokens = 50_000_000;
    private const int MostUnknowns = 1_000_000;

    public static Value CategoryEncoding(LayerCall call) =>
        Vectors(call, call.Input, call.Config.Int("num_tokens"), call.Config.Text("output_mode", "multi_hot"));

    /// <summary>The index of the range that a value is in.</summary>
    public static Value Discretization(LayerCall call)
    {
        float[] boundaries = call.Config.Find("bin_boundaries") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(b => b.ValueKind == JsonValueKind.Number ? b.GetSingle() : throw call.Config.Bad("bin_boundaries", "numbers"))]
            : throw call.Unsupported("the file does not tell its bin_boundaries");
        Value x = call.Input;
        if (LayerGraph.DTypeOf(x) is not (DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64))
            x = CoreLayers.AsFloat(call, x);
        Value bin = call.Op("Bucketize", x, new AttributeMap { { "boundaries", new ListAttr { Floats = boundaries } } });
        return Output(call, bin, boundaries.Length + 1);
    }

    /// <summary>A hash of each value, modulo the number of bins.</summary>
    public static Value Hashing(LayerCall call)
    {
        int bins = call.Config.Int("num_bins");
        Value x = AsText(call, call.Input);
        bool hasMask = call.Config.Find("mask_value") is { ValueKind: not JsonValueKind.Null };
        var attributes = new AttributeMap { { "num_buckets", (long)(hasMask && bins > 1 ? bins - 1 : bins) } };
        Value hash;
        if (call.Config.Find("salt") is { ValueKind: not JsonValueKind.Null })
        {
            attributes.Set("key", new ListAttr { Ints = [.. call.Config.Ints("salt", 2).Select(s => (long)s)] });
            hash = call.Op("StringToHashBucketStrong", x, attributes);
        }
        else
        {
            hash = call.Op("StringToHashBucketFast", x, attributes);
        }

        if (hasMask)
        {
            JsonElement value = call.Config.Find("mask_value")!.Value;
            Value mask = call.Graph.Const($"{call.Scope}/mask", Tensor.FromStrings([value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()]).Reshaped(Shape.Scalar));
            hash = call.Op("SelectV2", call.Op("Equal", x, mask), call.Like(hash, 0), call.Op("AddV2", hash, call.Like(hash, 1)));
        }

        return Output(call, hash, bins);
    }

    /// <summary>A hash of what the inputs have at the same place, modulo the number of bins. An input is a scalar, or has one value per example.</summary>
    public static Value HashedCrossing(LayerCall call)
    {
        const long Key = 0xDECAFCAFFE;
        int bins = call.Config.Int("num_bins");
        if (bins is < 1 or > MostTokens)
            throw call.Config.Bad("num_bins", $"a number from 1 to {MostTokens}");
        if (call.Inputs.Count < 2 || call.Rank > 2 || call.Inputs.Any(x => LayerGraph.DTypeOf(x).IsFloating()))
            throw call.Unsupported("it does not have at least two inputs of text or integers with one value per example");
        Value[] columns = [.. call.Inputs.Select(x => call.Reshape(LayerGraph.DTypeOf(x) == DType.String ? x : call.Cast(x, DType.Int64), -1, 1))];
        Node cross = call.Op("SparseCross", columns, new AttributeMap
        {
            { "N", 0 }, { "hashed_output", true }, { "num_buckets", (long)bins }, { "hash_key", Key }, { "sparse_types", new ListAttr() },
            { "dense_types", new ListAttr { Types = [.. columns.Select(LayerGraph.DTypeOf)] } }, { "out_type", DType.Int64 }, { "internal_type", DType.Int64 },
        }).Node;
        // Each example has one combination, so that the values of the sparse result are all there is.
        return Output(call, call.Reshape(new Value(cross, 1), [.. new[] { -1, 1 }.Take(call.Rank)]), bins);
    }

    /// <summary>The index of each token: the mask's is 0, then come tokens out of the vocabulary, then the vocabulary; or the token of each index.</summary>
    public static Value Lookup(LayerCall call, bool isText)
    {
        Value x = isText ? call.Input : call.Cast(call.Input, DType.Int64);
        bool isMasked = call.Config.Find("mask_token") is { ValueKind: not JsonValueKind.Null }, isIndex = call.Config.Text("output_mode", "int") == "int";
        // Only indices have one for the mask; in vectors it is nothing.
        bool hasMask = isMasked && isIndex;
        int unknowns = call.Config.Int("num_oov_indices", 1);
        if (unknowns is < 0 or > MostUnknowns)
            throw call.Config.Bad("num_oov_indices", $"a number from 0 to {MostUnknowns}");
        int first = unknowns + (hasMask ? 1 : 0);
        string unknown = isText ? call.Config.Text("oov_token", "[UNK]") : $"{call.Config.Int("oov_token", -1)}";
        string[] words = Vocabulary.Of(call, !hasMask ? null : isText ? call.Config.Text("mask_token", "") : $"{call.Config.Int("mask_token")}", unknowns, unknown);
        if (call.Config.Flag("invert", false))
        {
            if (!isText)
                throw call.Unsupported("it inverts integers");
            Tensor names = Tensor.FromStrings([.. (hasMask ? [call.Config.Text("mask_token", "")] : Array.Empty<string>()), .. Enumerable.Repeat(unknown, unknowns), .. words]);
            Tensor numbers = Tensor.Wrap([.. Enumerable.Range(0, names.Strings.Length).Select(i => (long)i)]);
            return Find(call, numbers, names, call.Cast(call.Input, DType.Int64), Tensor.FromStrings([unknown]).Reshaped(Shape.Scalar));
        }

        Tensor tokens = isText ? Tensor.FromStrings(words) : Tensor.Wrap([.. words.Select(w => long.TryParse(w, out long number) ? number : throw call.Config.Bad("vocabulary", "integers"))]);
        Tensor places = Tensor.Wrap([.. Enumerable.Range(first, words.Length).Select(i => (long)i)]);
        const long NotThere = -1;
        Value index = Find(call, tokens, places, x, Tensor.Scalar(unknowns == 1 ? first - 1 : NotThere));
        if (unknowns > 1)
        {
            // Integers go by their rest, texts by a hash.
            Value bin = isText ? call.Op("StringToHashBucketFast", AsText(call, x), new AttributeMap { { "num_buckets", (long)unknowns } }) : call.Op("FloorMod", x, call.Like(x, unknowns));
            index = call.Op("SelectV2", call.Op("Less", index, call.Like(index, 0)), call.Op("AddV2", bin, call.Like(bin, hasMask ? 1 : 0)), index);
        }

        if (isMasked)
        {
            Tensor mask = isText ? Tensor.FromStrings([call.Config.Text("mask_token", "")]).Reshaped(Shape.Scalar) : Tensor.Scalar((long)call.Config.Int("mask_token"));
            index = call.Op("SelectV2", call.Op("Equal", x, call.Graph.Const($"{call.Scope}/mask", mask)), call.Like(index, isIndex ? 0 : NotThere), index);
        }

        return Output(call, index, call.Config.Flag("pad_to_max_tokens", false) ? Math.Max(first + words.Length, call.Config.Int("max_tokens")) : first + words.Length);
    }

    /// <summary>Words of texts as indices: 0 pads, 1 stands for words that are not known.</summary>
    public static Value TextVectorization(LayerCall call)
    {
        Value x = call.Input;
        if (call.Config.Text("split", "whitespace") != "whitespace" || call.Config.Find("ngrams") is { ValueKind: not JsonValueKind.Null })
            throw call.Unsupported("it splits otherwise than at spaces, or makes n-grams");
        if (call.Rank == 2)
            x = call.Op("Squeeze", x, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [1] } } });
        string standardize = call.Config.Text("standardize", "none");
        if (standardize is "lower_and_strip_punctuation" or "lower")
            x = call.Op("StringLower", x);
        if (standardize is "lower_and_strip_punctuation" or "strip_punctuation")
            x = call.Op("StaticRegexReplace", x, new AttributeMap { { "pattern", """[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']""" }, { "rewrite", "" } });
        if (standardize is not ("none" or "lower" or "strip_punctuation" or "lower_and_strip_punctuation"))
            throw call.Unsupported($"its standardize is '{standardize}'");
        Node words = call.Op("StringSplitV2", x, call.Graph.Const($"{call.Scope}/separator", Tensor.FromStrings([""]).Reshaped(Shape.Scalar))).Node;
        string mode = call.Config.Text("output_mode", "int");
        bool isInt = mode == "int";
        string[] vocabulary = Vocabulary.Of(call, isInt ? "" : null, 1, "[UNK]");
        int first = isInt ? 2 : 1;
        Value index = Find(call, Tensor.FromStrings(vocabulary), Tensor.Wrap([.. Enumerable.Range(first, vocabulary.Length).Select(i => (long)i)]), new Value(words, 1), Tensor.Scalar((long)(first - 1)));
        Value padding = call.Like(index, isInt ? 0 : -1);
        Value rows = call.Op("SparseToDense", [new Value(words, 0), new Value(words, 2), index, padding]);
        if (!isInt)
            return Vectors(call, rows, first + vocabulary.Length, mode);
        if (call.Config.Find("output_sequence_length") is not { ValueKind: JsonValueKind.Number })
            return rows;
        int length = call.Config.Int("output_sequence_length");
        Value padded = call.Op("Pad", rows, call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap([0, 0, 0, length], new Shape(2, 2))));
        return call.Op("StridedSlice", [padded, call.Ints(0, 0), call.Ints(0, length), call.Ints(1, 1)], new AttributeMap { { "begin_mask", 1 }, { "end_mask", 1 } });
    }

    private static Value Output(LayerCall call, Value index, int count)
    {
        string mode = call.Config.Text("output_mode", "int");
        return mode == "int" ? index : Vectors(call, index, count, mode);
    }

    /// <summary>A vector per example: which indices are there, or how often; <c>one_hot</c> has one per index.</summary>
    private static Value Vectors(LayerCall call, Value index, int count, string mode)
    {
        if (mode is not ("one_hot" or "multi_hot" or "count" or "binary"))
            throw call.Unsupported($"its output_mode is '{mode}'");
        if (count is < 1 or > MostTokens)
            throw call.Config.Bad("num_tokens", $"a number from 1 to {MostTokens}");
        if (LayerGraph.DTypeOf(index) is not (DType.Int32 or DType.Int64))
            index = call.Cast(index, DType.Int32);
        Shape shape = LayerGraph.ShapeOf(index);
        if (mode == "one_hot" && shape is { HasRank: true, Rank: > 1 } && shape[-1] == 1)
            index = call.Op("Squeeze", index, new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [-1] } } });
        Value vectors = call.Op("OneHot", [index, call.Int(count), call.Graph.Const($"{call.Scope}/Const", Tensor.Scalar(1f)), call.Graph.Const($"{call.Scope}/Const", Tensor.Scalar(0f))], new AttributeMap { { "axis", -1 } });
        return mode == "one_hot" || LayerGraph.ShapeOf(index) is { HasRank: true, Rank: < 2 } ? vectors : call.Op(mode == "count" ? "Sum" : "Max", vectors, call.Ints(-2));
    }

    /// <summary>A hash table that is filled before the first run.</summary>
    internal static Value Find(LayerCall call, Tensor keys, Tensor values, Value x, Tensor otherwise)
    {
        Value table = call.Op("HashTableV2", [], new AttributeMap { { "key_dtype", keys.DType }, { "value_dtype", values.DType }, { "shared_name", $"{call.Scope}/table" } });
        Value fill = call.Op("LookupTableImportV2", table, call.Graph.Const($"{call.Scope}/keys", keys), call.Graph.Const($"{call.Scope}/values", values));
        call.Graph.Initializers.Add(fill.Node.Name);
        Value found = call.Op("LookupTableFindV2", table, x, call.Graph.Const($"{call.Scope}/default", otherwise));
        found.Node.Facts = [new Fact(values.DType, LayerGraph.ShapeOf(x))];
        return found;
    }

    private static Value AsText(LayerCall call, Value x) => LayerGraph.DTypeOf(x) == DType.String ? x : call.Op("AsString", x);
}
