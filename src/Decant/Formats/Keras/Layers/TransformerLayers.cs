using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>The blocks of transformers of KerasHub, which was KerasNLP: layers made of Keras's own.</summary>
internal static class TransformerLayers
{
    private const int Attention = 8, Norm = 2, Dense = 2;

    /// <summary>Attention of the steps to one another and two dense layers, each added to what it was made of and normalized.</summary>
    public static IReadOnlyList<Value> Encoder(LayerCall call)
    {
        Value x = call.Input;
        Value mask = Both(call, Padding(call, "padding_mask", x, call.Mask), Named(call, "attention_mask"));
        var block = new Block(call);
        IReadOnlyList<Value> attended = block.Attend(x, x, mask, 0, "self_attention_layer");
        x = block.Join(x, attended, Attention, "self_attention_layer_norm");
        x = block.Feed(x, Attention + (2 * Norm), Attention + Norm);
        return attended.Count > 1 ? [x, attended[1]] : [x];
    }

    /// <summary>As the encoder, with attention to earlier steps alone, and then, where there are two inputs, to those of the encoder.</summary>
    public static IReadOnlyList<Value> Decoder(LayerCall call)
    {
        if (Named(call, "self_attention_cache").IsPresent || Named(call, "cross_attention_cache").IsPresent)
            throw call.Unsupported("it is called with a cache");
        Value x = Named(call, "decoder_sequence") is { IsPresent: true } own ? own : call.Input;
        Value other = Named(call, "encoder_sequence") is { IsPresent: true } named ? named : call.Inputs.Count > 1 ? call.Inputs[1] : default;
        bool isCausal = !call.Constants.TryGetValue("use_causal_mask", out JsonElement causal) || causal.ValueKind != JsonValueKind.False;
        Value mask = Both(call, Padding(call, "decoder_padding_mask", x, call.MaskOf(x)), Named(call, "decoder_attention_mask"));
        var block = new Block(call);
        int at = Attention;
        x = block.Join(x, block.Attend(x, x, mask, 0, "self_attention", isCausal), at, "self_attention_layer_norm");
        at += Norm;
        if (other.IsPresent)
        {
            Value outer = Both(call, Padding(call, "encoder_padding_mask", other, call.MaskOf(other)), Named(call, "encoder_attention_mask"));
            x = block.Join(x, block.Attend(x, other, outer, at, "cross_attention"), at + Attention, "cross_attention_layer_norm");
            at += Attention + Norm;
        }

        x = block.Feed(x, at, at + (2 * Dense));
        (call.OutputMask, call.SetsMask) = (call.Mask, true);
        return [x];
    }

    // A mask over steps that is given, or else that of the values: [batch, 1, steps].
    private static Value Padding(LayerCall call, string name, Value of, Value own)
    {
        Value mask = Named(call, name) is { IsPresent: true } given ? given : own;
        return mask.IsPresent && of.IsPresent ? call.Op("ExpandDims", mask, call.Int(1)) : default;
    }

    private static Value Both(LayerCall call, Value a, Value b) => !b.IsPresent ? a : !a.IsPresent ? b : call.Op("LogicalAnd", Truth(call, a), Truth(call, b));

    private static Value Truth(LayerCall call, Value x) => LayerGraph.DTypeOf(x) == DType.Bool ? x : call.Op("NotEqual", x, call.Like(x, 0));

    private static Value Named(LayerCall call, string name) => call.Named.TryGetValue(name, out IReadOnlyList<Value>? values) && values.Count > 0 ? values[0] : default;

    /// <summary>The parts of a block, with the weights of each.</summary>
    private sealed class Block(LayerCall call)
    {
        private readonly bool _normalizesFirst = call.Config.Flag("normalize_first", false);
        private readonly Dictionary<string, LayerWeights> _parts = new(StringComparer.Ordinal);

        /// <summary>Attention of normalized values, or of those that the one before has normalized.</summary>
        public IReadOnlyList<Value> Attend(Value x, Value other, Value mask, int at, string name, bool isCausal = false)
        {
            LayerConfig config = Config("MultiHeadAttention", name, "{}");
            string part = name.EndsWith("_layer", StringComparison.Ordinal) ? $"_{name}" : $"_{name}_layer";
            string norm = name.StartsWith("self", StringComparison.Ordinal) ? "self_attention_layer_norm" : "cross_attention_layer_norm";
            Value query = _normalizesFirst ? Normalized(x, at + Attention, norm) : x;
            Value value = other == x ? query : other;
            var inner = new LayerCall(call.Graph, config, Weights(at, Attention, name, config, part), $"{call.Scope}/{name}", [query, value], [])
            {
                Named = mask.IsPresent ? new Dictionary<string, IReadOnlyList<Value>> { ["attention_mask"] = [mask] } : new Dictionary<string, IReadOnlyList<Value>>(),
                Constants = Constants(isCausal),
                MaskOf = v => call.MaskOf(v == query ? x : v),
            };
            return AttentionLayers.MultiHead(inner);
        }

        public Value Join(Value x, IReadOnlyList<Value> attended, int at, string norm)
        {
            Value sum = call.Op("AddV2", attended[0], x);
            return _normalizesFirst ? sum : Normalized(sum, at, norm);
        }

        /// <summary>The two dense layers, of which the first has the activation.</summary>
        public Value Feed(Value x, int dense, int norm)
        {
            Value y = _normalizesFirst ? Normalized(x, norm, "feedforward_layer_norm") : x;
            string activation = call.Config.Find("activation") is { } described ? described.GetRawText() : "\"relu\"";
            y = Applied("feedforward_intermediate_dense", y, dense, $$"""{"activation": {{activation}}}""");
            y = call.Op("AddV2", Applied("feedforward_output_dense", y, dense + Dense, "{}"), x);
            return _normalizesFirst ? y : Normalized(y, norm, "feedforward_layer_norm");
        }

        private Value Applied(string name, Value x, int at, string options)
        {
            LayerConfig config = Config("Dense", name, options);
            return CoreLayers.Dense(new LayerCall(call.Graph, config, Weights(at, Dense, name, config, $"_{name}"), $"{call.Scope}/{name}", [x], []));
        }

        private Value Normalized(Value x, int at, string name)
        {
            string epsilon = call.Config.Find("layer_norm_epsilon") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : "1e-5";
            LayerConfig config = Config("LayerNormalization", name, $$"""{"epsilon": {{epsilon}}}""");
            return NormalizationLayers.LayerNormalization(new LayerCall(call.Graph, config, Weights(at, Norm, name, config, $"_{name}"), $"{call.Scope}/{name}", [x], []));
        }

        private LayerWeights Weights(int at, int count, string name, LayerConfig config, string part)
        {
            if (!_parts.TryGetValue(name, out LayerWeights? known))
                _parts.Add(name, known = call.Weights.Part(at, count, name, config, part, name));
            return known;
        }

        private Dictionary<string, JsonElement> Constants(bool isCausal)
        {
            var constants = new Dictionary<string, JsonElement>();
            if (isCausal)
                constants["use_causal_mask"] = Json("true");
            if (call.Constant("return_attention_scores"))
                constants["return_attention_scores"] = Json("true");
            return constants;
        }

        private LayerConfig Config(string type, string name, string options) => call.Config with { Class = type, Name = name, Config = Json(options) };

        private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
    }
}
