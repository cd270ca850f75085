using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

internal static class NormalizationLayers
{
    /// <summary><c>gamma (x - mean) / sqrt(variance + epsilon) + beta</c> with the moments of training.</summary>
    public static Value BatchNormalization(LayerCall call)
    {
        if (call.Config.Int("mode", 0) != 0)
            throw call.Unsupported($"its mode is {call.Config.Int("mode", 0)}, which takes moments of the batch");
        Value x = call.Input;
        int axis = Axis(call, call.Config.Int("axis", -1));
        bool scale = call.Config.Flag("scale", true);
        bool center = call.Config.Flag("center", true);
        int at = 0;
        long channels = call.Weights.Shape(0).ElementCount;
        Value gamma = scale ? call.Weights.Get(call.Graph, at++, "gamma") : call.Graph.Const($"{call.Scope}/ones", Tensor.Wrap(Enumerable.Repeat(1f, (int)channels).ToArray()));
        Value beta = center ? call.Weights.Get(call.Graph, at++, "beta") : call.Graph.Const($"{call.Scope}/zeros", Tensor.Wrap(new float[channels]));
        Value mean = call.Weights.Get(call.Graph, at++, "moving_mean");
        Value variance = call.Weights.Get(call.Graph, at, "moving_variance");
        float epsilon = call.Config.Number("epsilon", 1e-3f);
        if (axis == 3 && call.Rank == 4)
            return call.Op("FusedBatchNormV3", [x, gamma, beta, mean, variance], new AttributeMap { { "epsilon", epsilon }, { "is_training", false } });
        Value factor = call.Op("Mul", gamma, call.Op("Rsqrt", call.Op("AddV2", variance, call.Like(variance, epsilon))));
        Value offset = call.Op("Sub", beta, call.Op("Mul", mean, factor));
        return call.Op("AddV2", call.Op("Mul", x, Along(call, factor, axis)), Along(call, offset, axis));
    }

    /// <summary>As batch normalization, with moments over the axes of each example.</summary>
    public static Value LayerNormalization(LayerCall call)
    {
        Value x = call.Input;
        int[] axes = [.. (call.Config.Find("axis") is { ValueKind: JsonValueKind.Array } ? call.Config.List("axis") : [call.Config.Int("axis", -1)]).Select(a => Axis(call, a))];
        if (axes.Length > 1 && !axes.Order().SequenceEqual(Enumerable.Range(call.Rank - axes.Length, axes.Length)))
            throw call.Unsupported("its axes are not the last ones");
        var keep = new AttributeMap { { "keep_dims", true } };
        Value mean = call.Op("Mean", x, call.Ints(axes), keep);
        Value variance = call.Op("Mean", call.Op("SquaredDifference", x, mean), call.Ints(axes), keep.Clone());
        // Keras 3's rms_scaling divides by the deviation and keeps the mean.
        bool keepsMean = call.Config.Flag("rms_scaling", false);
        Value y = call.Op("Mul", keepsMean ? x : call.Op("Sub", x, mean), call.Op("Rsqrt", call.Op("AddV2", variance, call.Like(x, call.Config.Number("epsilon", 1e-3f)))));
        int at = 0;
        if (keepsMean || call.Config.Flag("scale", true))
            y = call.Op("Mul", y, Shaped(call.Weights.Get(call.Graph, at++, "gamma")));
        return !keepsMean && call.Config.Flag("center", true) ? call.Op("AddV2", y, Shaped(call.Weights.Get(call.Graph, at, "beta"))) : y;

        Value Shaped(Value weight) => axes.Length == 1 ? Along(call, weight, axes[0]) : weight;
    }

    public static Value UnitNormalization(LayerCall call)
    {
        int axis = Axis(call, call.Config.Int("axis", -1));
        Value squares = call.Op("Sum", call.Op("Square", call.Input), call.Ints(axis), new AttributeMap { { "keep_dims", true } });
        return call.Op("Mul", call.Input, call.Op("Rsqrt", call.Op("Maximum", squares, call.Like(squares, 1e-12f))));
    }

    /// <summary><c>(x - mean) / max(sqrt variance, 1e-7)</c>, or the other way round, with moments that were adapted or are options.</summary>
    public static Value Normalization(LayerCall call)
    {
        Value x = CoreLayers.AsFloat(call, call.Input);
        int[] axes = [.. (call.Config.Find("axis") switch
        {
            null or { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.Array } => call.Config.List("axis"),
            _ => [call.Config.Int("axis")],
        }).Select(a => Axis(call, a)).Order()];
        (Value mean, Value variance) = call.Config.Find("mean") is { ValueKind: not JsonValueKind.Null } && call.Config.Find("variance") is { ValueKind: not JsonValueKind.Null }
            ? (call.Numbers("mean", 0), call.Numbers("variance", 1))
            : (call.Weights.Get(call.Graph, 0, "mean"), call.Weights.Get(call.Graph, 1, "variance"));
        int[] shape = [.. Enumerable.Range(0, call.Rank).Select(d => axes.Contains(d) ? (int)Math.Min(call.Shape[d], int.MaxValue) : 1)];
        if (shape.Contains(-1))
            throw call.Unsupported("the size of an axis is not known");
        if (LayerGraph.ShapeOf(mean) is { HasRank: true } own && own.ElementCount == shape.Aggregate(1L, (n, d) => n * d) && axes.Length > 0)
            (mean, variance) = (call.Reshape(mean, shape), call.Reshape(variance, shape));
        Value deviation = call.Op("Maximum", call.Op("Sqrt", variance), call.Like(x, 1e-7f));
        return call.Config.Flag("invert", false) ? call.Op("AddV2", call.Op("Mul", x, deviation), mean) : call.Op("RealDiv", call.Op("Sub", x, mean), deviation);
    }

    /// <summary>Moments over the pixels and the channels of a group: <c>gamma (x - mean) / sqrt(variance + epsilon) + beta</c>.</summary>
    public static Value GroupNormalization(LayerCall call)
    {
        if (Axis(call, call.Config.Int("axis", -1)) != call.Rank - 1 || call.Shape[-1] < 1)
            throw call.Unsupported("its channels are not the last dimension, or how many there are is not known");
        int channels = (int)call.Shape[-1], groups = call.Config.Int("groups", 32);
        groups = groups == -1 ? channels : groups;
        if (groups < 1 || channels % groups != 0)
            throw call.Config.Bad("groups", $"a part of the {channels} channels");
        Value x = call.Input;
        Value[] sizes = [.. Enumerable.Range(0, call.Rank - 1).Select(d => call.Size(x, d)), call.Int(groups), call.Int(channels / groups)];
        Value grouped = call.Op("Reshape", x, call.Op("Pack", sizes));
        int[] axes = [.. Enumerable.Range(1, call.Rank - 2), call.Rank];
        var keep = new AttributeMap { { "keep_dims", true } };
        Value mean = call.Op("Mean", grouped, call.Ints(axes), keep);
        Value variance = call.Op("Mean", call.Op("SquaredDifference", grouped, mean), call.Ints(axes), keep.Clone());
        Value y = call.Op("Mul", call.Op("Sub", grouped, mean), call.Op("Rsqrt", call.Op("AddV2", variance, call.Like(x, call.Config.Number("epsilon", 1e-3f)))));
        y = call.Op("Reshape", y, call.Op("Shape", x, new AttributeMap { { "out_type", DType.Int32 } }));
        y.Node.Facts = [new Fact(LayerGraph.DTypeOf(x), call.Shape)];
        int at = 0;
        if (call.Config.Flag("scale", true))
            y = call.Op("Mul", y, call.Weights.Get(call.Graph, at++, "gamma"));
        return call.Config.Flag("center", true) ? call.Op("AddV2", y, call.Weights.Get(call.Graph, at, "beta")) : y;
    }

    /// <summary><c>scale x / sqrt(mean(x^2) + epsilon)</c> over the last dimension.</summary>
    public static Value RmsNormalization(LayerCall call)
    {
        if (Axis(call, call.Config.Int("axis", -1)) != call.Rank - 1)
            throw call.Unsupported("its axis is not the last");
        Value x = call.Input;
        Value mean = call.Op("Mean", call.Op("Square", x), call.Ints(-1), new AttributeMap { { "keep_dims", true } });
        return call.Op("Mul", call.Op("Mul", x, call.Op("Rsqrt", call.Op("AddV2", mean, call.Like(x, call.Config.Number("epsilon", 1e-6f))))), call.Weights.Get(call.Graph, 0, "scale"));
    }

    private static int Axis(LayerCall call, int axis) => (axis < 0 ? axis + call.Rank : axis) is var at && at >= 0 && at < call.Rank
        ? at
        : throw call.Config.Bad("axis", $"a dimension of the {call.Rank} of the input");

    // A vector that counts along an axis, with dimensions of one behind it.
    private static Value Along(LayerCall call, Value vector, int axis) =>
        axis == call.Rank - 1 ? vector : call.Reshape(vector, [-1, .. Enumerable.Repeat(1, call.Rank - 1 - axis)]);
}
