using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>
/// What an optimizer keeps, in another format than it was read of: the number of steps, and slots for each trained weight. Keras's HDF5 files
/// and TensorFlow.js have the same in other orders, and other names of optimizers and their options.
/// </summary>
public static class OptimizerState
{
    private const string H5 = "keras_h5", Archive = "keras", TFJS = "tfjs_layers", Steps = "iter";

    /// <summary>What a format of Keras does not hold of a model; null when it holds all.</summary>
    public static string? LostIn(KerasParts parts, string format) => parts.Optimizer.Weights.Count == 0 || In(parts, format) is not null ? null
        : $"{parts.Optimizer.Weights.Count} weights of the optimizer are not written, as {format} has none or others: training goes on with a new one";

    /// <summary>How the model is trained and what its optimizer keeps, as the format has it; null when the format has not.</summary>
    internal static (JsonObject? Config, IReadOnlyList<KerasWeight> Weights)? In(KerasParts parts, string format)
    {
        // Archives are written for Keras 3, which keeps it in another order than 2.
        if (parts.Optimizer.Format == format && (format != TFJS || !parts.TrainingConfig.IsEmpty) && (format != Archive || KerasFile.Version(parts.Version) >= 3))
            return (null, parts.Optimizer.Weights);
        if (parts.Optimizer.Weights.Count == 0 || parts.TrainingConfig.IsEmpty || KerasFile.Version(parts.Version) == 1)
            return null;
        JsonObject training = DescriptionJson.Parse(parts.TrainingConfig);
        if (training["optimizer_config"] is not JsonObject optimizer || optimizer.Options() is not { } options || optimizer.Text("class_name") is not { } type)
            return null;
        KerasWeight[] trained = [.. parts.Layers.SelectMany(l => KerasH5Writer.Some(l, true))];
        return (parts.Optimizer.Format, format) switch
        {
            (H5, TFJS) => ToTFJS(parts.Optimizer.Weights, trained, training, type, options),
            (TFJS, H5) => ToKeras(parts.Optimizer.Weights, trained, training, type, options),
            _ => null,
        };
    }

    private static (JsonObject?, IReadOnlyList<KerasWeight>)? ToTFJS(IReadOnlyList<KerasWeight> weights, KerasWeight[] trained, JsonObject training, string type, JsonObject options)
    {
        // TensorFlow.js has neither schedules, nor decay, nor the largest of all squares.
        if (OptimizerOptions.ToTFJS(type, options) is not { } optimizer || TrainingOptions.ToTFJS(training) is not { } config)
            return null;
        KerasWeight[] rest = [.. weights.SkipWhile(w => w.Value.Shape.Rank == 0)];
        if (Slots(rest, trained, optimizer.Slots.Length) is not { } slots)
            return null;
        config["optimizer_config"] = optimizer.Config;
        Tensor steps = weights[0].Value is { Shape.Rank: 0 } first && first.DType.IsInteger() ? first.Value : Tensor.Scalar(0);
        return (config, Named(steps.DType == DType.Int32 ? steps : Tensor.Scalar((int)Math.Clamp(Whole(steps), 0, int.MaxValue)), slots, trained, optimizer.Slots, optimizer.Missing, ""));
    }

    private static (JsonObject?, IReadOnlyList<KerasWeight>)? ToKeras(IReadOnlyList<KerasWeight> weights, KerasWeight[] trained, JsonObject training, string type, JsonObject options)
    {
        if (OptimizerOptions.ToKeras(type, options) is not { } optimizer || weights[0].Value is not { Shape.Rank: 0 } steps || Slots([.. weights.Skip(1)], trained, optimizer.Slots.Length) is not { } slots)
            return null;
        var config = (JsonObject)training.DeepClone();
        config["optimizer_config"] = optimizer.Config;
        return (config, Named(Tensor.Scalar(Whole(steps.Value)), slots[..(optimizer.Slots.Length - optimizer.Missing)], trained, optimizer.Slots, 0, $"{optimizer.Config.Text("class_name")}/"));
    }

    /// <summary>The weights of each slot in the order of the trained weights: slot by slot, or, as Keras does from 2.11 on, weight by weight. Null where they do not fit.</summary>
    private static KerasWeight[][]? Slots(KerasWeight[] weights, KerasWeight[] trained, int count)
    {
        // Keras 2.2 keeps a third slot of single zeros for Adam; a slot of moments that have no momentum may be missing.
        if (trained.Length > 0 && weights.Length > count * trained.Length && weights[(count * trained.Length)..].All(w => w.Value.Shape == new Shape(1)))
            weights = weights[..(count * trained.Length)];
        int kept = trained.Length == 0 ? 0 : weights.Length / trained.Length;
        if (kept > count || weights.Length != kept * trained.Length)
            return null;
        KerasWeight[][] bySlot = [.. Enumerable.Range(0, kept).Select(s => weights[(s * trained.Length)..((s + 1) * trained.Length)])];
        KerasWeight[][] byWeight = [.. Enumerable.Range(0, kept).Select(s => Enumerable.Range(0, trained.Length).Select(w => weights[(w * kept) + s]).ToArray())];
        bool isByWeight = kept > 1 && weights.Length > 1 && (Owner(weights[0]) == Owner(weights[1]) || !Fit(bySlot));
        return Fit(isByWeight ? byWeight : bySlot) ? isByWeight ? byWeight : bySlot : null;

        bool Fit(KerasWeight[][] slots) => slots.All(s => s.Zip(trained).All(p => p.First.Value.Shape == p.Second.Value.Shape && p.First.Value.DType == p.Second.Value.DType));
    }

    // A slot's weight belongs to, as far as names tell: Adam/m/dense/kernel and Adam/v/dense/kernel, dense_kernel_momentum and dense_kernel_velocity.
    private static string Owner(KerasWeight weight)
    {
        string name = (weight.StoredName ?? weight.Name).Split(':')[0];
        foreach (string slot in (string[])["_momentum", "_velocity"])
            name = name.EndsWith(slot, StringComparison.Ordinal) ? name[..^slot.Length] : name;
        return name.Replace("/m/", "/", StringComparison.Ordinal).Replace("/v/", "/", StringComparison.Ordinal);
    }

    private static List<KerasWeight> Named(Tensor steps, KerasWeight[][] slots, KerasWeight[] trained, string[] names, int missing, string prefix)
    {
        string suffix = prefix.Length > 0 ? ":0" : "";
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var named = new List<KerasWeight> { new(Steps, new TensorAttr(steps)) { StoredName = $"{prefix}{Steps}{suffix}" } };
        for (int s = 0; s < Math.Max(slots.Length, missing > 0 ? names.Length : 0); s++)
        {
            foreach ((int i, KerasWeight of) in trained.Index())
            {
                TensorAttr value = s < slots.Length ? slots[s][i].Value : new TensorAttr(Tensor.Wrap(new float[of.Value.Shape.ElementCount], of.Value.Shape));
                string name = $"{prefix}{of.Name}/{names[s]}";
                for (int n = 1; !taken.Add(name); n++)
                    name = $"{prefix}{of.Name}_{n}/{names[s]}";
                named.Add(new KerasWeight(names[s], value) { StoredName = name + suffix });
            }
        }

        return named;
    }

    private static long Whole(Tensor steps) => steps.DType switch { DType.Int64 => steps.Span<long>()[0], DType.Int32 => steps.Span<int>()[0], _ => 0 };
}
