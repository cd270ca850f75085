using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>How a model is trained, in the form of Keras 3's archives: <c>compile_config</c>. HDF5 files and TensorFlow.js call it <c>training_config</c>.</summary>
internal static class Keras3Training
{
    private const string Common = "name learning_rate weight_decay clipnorm global_clipnorm clipvalue use_ema ema_momentum ema_overwrite_frequency";

    private static readonly Dictionary<string, string> Optimizers = new(StringComparer.Ordinal)
    {
        ["Adadelta"] = "rho epsilon",
        ["Adagrad"] = "initial_accumulator_value epsilon",
        ["Adam"] = "beta_1 beta_2 epsilon amsgrad",
        ["AdamW"] = "beta_1 beta_2 epsilon amsgrad",
        ["Adamax"] = "beta_1 beta_2 epsilon",
        ["Ftrl"] = "learning_rate_power initial_accumulator_value l1_regularization_strength l2_regularization_strength l2_shrinkage_regularization_strength beta",
        ["Nadam"] = "beta_1 beta_2 epsilon",
        ["RMSprop"] = "rho momentum epsilon centered",
        ["SGD"] = "momentum nesterov",
    };

    private static readonly HashSet<string> Schedules = new(StringComparer.Ordinal) { "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay", "PolynomialDecay" };

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "accuracy", "acc", "binary_accuracy", "binary_crossentropy", "categorical_accuracy", "categorical_crossentropy", "categorical_hinge", "cosine_similarity", "crossentropy", "ce", "hinge", "huber",
        "kl_divergence", "log_cosh", "mae", "mape", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error", "mean_squared_logarithmic_error", "mse", "msle", "poisson",
        "sparse_categorical_accuracy", "sparse_categorical_crossentropy", "sparse_top_k_categorical_accuracy", "squared_hinge", "top_k_categorical_accuracy",
    };

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["huber_loss"] = "huber",
        ["kld"] = "kl_divergence",
        ["kullback_leibler_divergence"] = "kl_divergence",
        ["logcosh"] = "log_cosh",
    };

    private static readonly HashSet<string> Losses = new(StringComparer.Ordinal)
    {
        "BinaryCrossentropy", "CategoricalCrossentropy", "CategoricalHinge", "CosineSimilarity", "Hinge", "Huber", "KLDivergence", "LogCosh", "MeanAbsoluteError", "MeanAbsolutePercentageError",
        "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson", "SparseCategoricalCrossentropy", "SquaredHinge",
    };

    private static readonly HashSet<string> LossOptions = new(StringComparer.Ordinal) { "name", "reduction", "from_logits", "label_smoothing", "axis", "delta", "ignore_class" };

    private static readonly HashSet<string> Metrics = new(StringComparer.Ordinal)
    {
        "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalAccuracy", "CategoricalCrossentropy", "CosineSimilarity", "FalseNegatives", "FalsePositives", "KLDivergence",
        "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson", "Precision", "Recall", "RootMeanSquaredError", "SparseCategoricalAccuracy",
        "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
    };

    /// <summary>What <c>Model.compile</c> is to be called with; null when Keras 3 does not have the optimizer, a loss or a metric.</summary>
    public static JsonObject? Of(JsonObject training)
    {
        if ((training["optimizer_config"] ?? training["optimizer"]) is not JsonObject optimizer || Optimizer(optimizer) is not { } made || training["sample_weight_mode"] is not null
            || !TryAll(training["loss"], Loss, out JsonNode? loss) || !TryAll(training["metrics"], Metric, out JsonNode? metrics) || !TryAll(training["weighted_metrics"], Metric, out JsonNode? weighted))
            return null;
        return new JsonObject
        {
            ["optimizer"] = made,
            ["loss"] = loss,
            ["loss_weights"] = training["loss_weights"]?.DeepClone(),
            ["metrics"] = metrics,
            ["weighted_metrics"] = weighted,
            ["run_eagerly"] = false,
            ["steps_per_execution"] = 1,
            ["jit_compile"] = false,
        };
    }

    private static JsonObject? Optimizer(JsonObject optimizer)
    {
        string type = optimizer.Text("class_name")?.Replace("Custom>", "", StringComparison.Ordinal) ?? "";
        if (optimizer.Options() is not { } options || !Optimizers.TryGetValue(type, out string? own))
            return null;
        var kept = new JsonObject();
        foreach (string name in $"{Common} {own}".Split(' '))
        {
            if (options[name] is { } value)
                kept[name] = value.DeepClone();
        }

        JsonNode? rate = options["learning_rate"] ?? options["lr"];
        if (rate is JsonObject schedule)
        {
            if (schedule.Text("class_name") is not { } of || !Schedules.Contains(of))
                return null;
            kept["learning_rate"] = Entry("keras.optimizers.schedules", of, schedule.Options());
        }
        else if (rate is JsonValue value)
        {
            // Keras 2 divides the rate by 1 + decay * steps.
            kept["learning_rate"] = options["decay"] is JsonValue decay && decay.TryGetValue(out double by) && by > 0
                ? Entry("keras.optimizers.schedules", "InverseTimeDecay", new JsonObject { ["initial_learning_rate"] = value.DeepClone(), ["decay_steps"] = 1, ["decay_rate"] = by, ["staircase"] = false, ["name"] = "InverseTimeDecay" })
                : value.DeepClone();
        }

        return Entry("keras.optimizers", type, kept);
    }

    /// <summary>A value, or those of lists and tables, each made by a function; false where that gives nothing for one.</summary>
    private static bool TryAll(JsonNode? node, Func<JsonNode, JsonNode?> make, out JsonNode? made)
    {
        (made, bool isGood) = (null, true);
        switch (node)
        {
            case null:
                return true;
            case JsonArray list:
                var items = new JsonArray();
                foreach (JsonNode? item in list)
                {
                    isGood &= TryAll(item, make, out JsonNode? one);
                    items.Add(one);
                }

                made = items;
                return isGood;
            case JsonObject table when table.Text("class_name") is null:
                var fields = new JsonObject();
                foreach ((string name, JsonNode? value) in table)
                {
                    isGood &= TryAll(value, make, out JsonNode? one);
                    fields[name] = one;
                }

                made = fields;
                return isGood;
            default:
                made = make(node);
                return made is not null;
        }
    }

    private static JsonNode? Loss(JsonNode loss)
    {
        if (loss is not JsonObject entry)
            return Function(loss);
        if (entry.Text("class_name")?.Replace("Custom>", "", StringComparison.Ordinal) is not { } type || !Losses.Contains(type) || entry.Options() is not { } options)
            return null;
        JsonObject kept = new(options.Where(o => LossOptions.Contains(o.Key)).Select(o => KeyValuePair.Create(o.Key, o.Value?.DeepClone())));
        if (kept.Text("reduction") is "auto")
            kept["reduction"] = "sum_over_batch_size";
        return Entry("keras.losses", type, kept);
    }

    private static JsonNode? Metric(JsonNode metric)
    {
        if (metric is not JsonObject entry)
            return Function(metric);
        // What Keras 2 makes of a function's name.
        if (entry.Text("class_name") is "MeanMetricWrapper" or "SumOverBatchSizeMetricWrapper")
            return entry.Options()?["fn"] is { } function ? Function(function) : null;
        return entry.Text("class_name") is { } type && Metrics.Contains(type) ? Entry("keras.metrics", type, entry.Options()) : null;
    }

    private static JsonValue? Function(JsonNode node) =>
        node is JsonValue value && value.TryGetValue(out string? name) && Renamed.GetValueOrDefault(name, name) is var current && Functions.Contains(current) ? JsonValue.Create(current) : null;

    private static JsonObject Entry(string module, string type, JsonObject? options) =>
        new() { ["module"] = module, ["class_name"] = type, ["config"] = options?.DeepClone() ?? new JsonObject(), ["registered_name"] = null };
}
