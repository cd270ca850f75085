using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers of KerasHub that are made of Keras's own.</summary>
internal static class LanguageLayers
{
    private const int Norm = 2, Dense = 2;

    /// <summary>The real part of Fourier's transform over steps and features, and two dense layers, each added to what it was made of and normalized.</summary>
    public static Value FNetEncoder(LayerCall call)
    {
        Value x = call.Input;
        if (call.Rank != 3)
            throw call.Unsupported($"its input is of rank {call.Rank}, expected [examples, steps, features]");
        Value mixed = Normalized(call, call.Op("AddV2", x, call.Cast(Fourier(call, CoreLayers.AsFloat(call, x)), LayerGraph.DTypeOf(x))), 0, "mixing_layer_norm");
        // Both normalizations were made before the dense layers.
        Value y = Applied(call, mixed, 2 * Norm, "intermediate_dense", Described(call, "activation", "relu"));
        y = Applied(call, y, (2 * Norm) + Dense, "output_dense", "\"linear\"");
        return Normalized(call, call.Op("AddV2", mixed, y), Norm, "output_layer_norm");
    }

    /// <summary>Of each example the steps at some positions [examples, positions], and for each of them a number for each token of the vocabulary.</summary>
    public static Value MaskedLMHead(LayerCall call)
    {
        if (call.Config.Find("token_embedding") is { ValueKind: not JsonValueKind.Null })
            throw call.Unsupported("it shares the vectors of another layer");
        Value positions = call.Named.TryGetValue("mask_positions", out IReadOnlyList<Value>? named) && named.Count > 0 ? named[0]
            : call.Inputs.Count > 1 ? call.Inputs[1] : throw KerasErrors.BadConfig.At(call.Config.Location(), "the layer has no mask_positions, expected them as its second input");
        if (LayerGraph.DTypeOf(positions) is not (DType.Int32 or DType.Int64))
            positions = call.Cast(positions, DType.Int32);
        // Its own weights come before those of its parts.
        const int Own = 2;
        Value x = call.Op("GatherV2", call.Input, positions, call.Int(1), new AttributeMap { { "batch_dims", 1 } });
        x = Applied(call, x, Own, "intermediate_dense", Described(call, "intermediate_activation", "relu"));
        x = Normalized(call, x, Own + Dense, "intermediate_layer_norm");
        Value y = call.Op("AddV2", call.Op("BatchMatMulV2", x, call.Weights.Get(call.Graph, 0, "output_kernel")), call.Weights.Get(call.Graph, 1, "output_bias"));
        return Activations.Apply(call, "activation", y);
    }

    /// <summary>C x C' - S x S', where C and S are the cosines and sines of 2 pi j k / n for all pairs of steps, and C' and S' those of features.</summary>
    private static Value Fourier(LayerCall call, Value x)
    {
        (Value stepCosines, Value stepSines) = Waves(call, call.Size(x, 1));
        (Value cosines, Value sines) = Waves(call, call.Size(x, 2));
        Value Both(Value steps, Value features) => call.Op("BatchMatMulV2", steps, call.Op("BatchMatMulV2", x, features));
        return call.Op("Sub", Both(stepCosines, cosines), Both(stepSines, sines));
    }

    private static (Value Cosines, Value Sines) Waves(LayerCall call, Value size)
    {
        Value numbers = call.Op("Range", call.Int(0), size, call.Int(1));
        // The product of two numbers turns by whole circles.
        Value turns = call.Op("FloorMod", call.Op("Mul", call.Op("ExpandDims", numbers, call.Int(1)), call.Op("ExpandDims", numbers, call.Int(0))), size);
        Value angles = call.Op("Mul", call.Cast(turns, DType.Float32), call.Op("RealDiv", call.Graph.Const($"{call.Scope}/circle", Tensor.Scalar(2 * MathF.PI)), call.Cast(size, DType.Float32)));
        return (call.Op("Cos", angles), call.Op("Sin", angles));
    }

    private static string Described(LayerCall call, string option, string otherwise) => call.Config.Find(option) is { } described ? described.GetRawText() : $"\"{otherwise}\"";

    private static Value Applied(LayerCall call, Value x, int at, string name, string activation) => CoreLayers.Dense(Part(call, x, at, Dense, "Dense", name, $$"""{"activation": {{activation}}}"""));

    private static Value Normalized(LayerCall call, Value x, int at, string name)
    {
        string epsilon = call.Config.Find("layer_norm_epsilon") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : "1e-5";
        return NormalizationLayers.LayerNormalization(Part(call, x, at, Norm, "LayerNormalization", name, $$"""{"epsilon": {{epsilon}}}"""));
    }

    private static LayerCall Part(LayerCall call, Value x, int at, int count, string type, string name, string options)
    {
        LayerConfig config = call.Config with { Class = type, Name = name, Config = JsonDocument.Parse(options).RootElement };
        return new LayerCall(call.Graph, config, call.Weights.Part(at, count, name, config, $"_{name}", name), $"{call.Scope}/{name}", [x], []);
    }
}
