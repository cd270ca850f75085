using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that networks of <c>keras.applications</c> have of their own; other classes of these names have other options.</summary>
internal static class ApplicationLayers
{
    /// <summary>Of InceptionResNetV2: <c>x + scale y</c>.</summary>
    public static Value CustomScale(LayerCall call)
    {
        if (call.Inputs is not [var x, var y])
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has {call.Inputs.Count} inputs, expected 2");
        return call.Op("AddV2", x, call.Op("Mul", y, call.Like(y, Given(call, "scale"))));
    }

    /// <summary>Of ConvNeXt: <c>gamma x</c>, with a number for each channel.</summary>
    public static Value LayerScale(LayerCall call)
    {
        Given(call, "projection_dim");
        return call.Op("Mul", call.Input, call.Weights.Get(call.Graph, 0, "gamma"));
    }

    /// <summary>Of ConvNeXt: leaves out whole examples in training alone.</summary>
    public static Value StochasticDepth(LayerCall call)
    {
        Given(call, "drop_path_rate");
        return call.Input;
    }

    private static float Given(LayerCall call, string option) =>
        call.Config.Find(option) is { ValueKind: not JsonValueKind.Null } ? call.Config.Number(option, 0) : throw call.Config.Bad(option, "a number, as the layer of keras.applications has it");
}
