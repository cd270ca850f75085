using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.Keras;

/// <summary>An optimizer's description, and the slots that it keeps for each weight.</summary>
/// <param name="Config"><c>{"class_name": ..., "config": {...}}</c></param>
/// <param name="Slots">The names of the slots, in their order.</param>
/// <param name="Missing">How many of the last slots Keras does not have, where TensorFlow.js has them as zeros.</param>
internal sealed record OptimizerOptions(JsonObject Config, string[] Slots, int Missing)
{
    private static readonly string[] Adam = ["m", "v"], AdaDelta = ["accum_grad", "accum_var"], AdaGrad = ["accumulator"], Momentum = ["momentum"], Rms = ["rms", "momentum"];

    /// <summary>The optimizer of TensorFlow.js that is one of Keras; null when there is none, or none with these options.</summary>
    public static OptimizerOptions? ToTFJS(string type, JsonObject options)
    {
        if (Number(options, "learning_rate") is null && Number(options, "lr") is null)
            return null;
        if (Number(options, "decay") is > 0 || Is(options, "amsgrad") || Is(options, "use_ema") || Is(options, "centered"))
            return null;
        var config = new JsonObject { ["learning_rate"] = Number(options, "learning_rate") ?? Number(options, "lr") };
        double momentum = Number(options, "momentum") ?? 0;
        switch (type)
        {
            case "Adam":
                (config["beta1"], config["beta2"], config["epsilon"]) = (Number(options, "beta_1") ?? 0.9, Number(options, "beta_2") ?? 0.999, Epsilon(options));
                return Of("Adam", config, Adam);
            case "RMSprop":
                (config["decay"], config["momentum"], config["epsilon"], config["centered"]) = (Number(options, "rho") ?? 0.9, momentum, Epsilon(options), false);
                return Of("RMSProp", config, Rms, momentum == 0 ? 1 : 0);
            case "Adadelta":
                (config["rho"], config["epsilon"]) = (Number(options, "rho") ?? 0.95, Epsilon(options));
                return Of("Adadelta", config, AdaDelta);
            case "Adagrad":
                config["initial_accumulator_value"] = Number(options, "initial_accumulator_value") ?? 0.1;
                return Of("Adagrad", config, AdaGrad);
            case "SGD" when momentum == 0:
                return Of("SGD", config, []);
            case "SGD":
                (config["momentum"], config["use_nesterov"]) = (momentum, Is(options, "nesterov"));
                return Of("Momentum", config, Momentum);
            default:
                return null;
        }
    }

    /// <summary>The optimizer of Keras that is one of TensorFlow.js; null when there is none.</summary>
    public static OptimizerOptions? ToKeras(string type, JsonObject options)
    {
        var config = new JsonObject { ["name"] = type == "RMSProp" ? "RMSprop" : type == "Momentum" ? "SGD" : type, ["learning_rate"] = Number(options, "learning_rate") };
        switch (type)
        {
            case "Adam":
                (config["beta_1"], config["beta_2"], config["epsilon"], config["amsgrad"]) = (Number(options, "beta1"), Number(options, "beta2"), Epsilon(options), false);
                return Of("Adam", config, Adam);
            case "RMSProp" when !Is(options, "centered"):
                (config["rho"], config["momentum"], config["epsilon"], config["centered"]) = (Number(options, "decay"), Number(options, "momentum") ?? 0, Epsilon(options), false);
                return Of("RMSprop", config, Rms, Number(options, "momentum") is > 0 ? 0 : 1);
            case "Adadelta":
                (config["rho"], config["epsilon"]) = (Number(options, "rho"), Epsilon(options));
                return Of("Adadelta", config, AdaDelta);
            case "Adagrad":
                config["initial_accumulator_value"] = Number(options, "initial_accumulator_value") ?? 0.1;
                return Of("Adagrad", config, AdaGrad);
            case "SGD":
                return Of("SGD", config, []);
            case "Momentum":
                (config["momentum"], config["nesterov"]) = (Number(options, "momentum"), Is(options, "use_nesterov"));
                return Of("SGD", config, Momentum);
            default:
                return null;
        }
    }

    private static OptimizerOptions Of(string type, JsonObject config, string[] slots, int missing = 0) => new(new JsonObject { ["class_name"] = type, ["config"] = config }, slots, missing);

    private static double Epsilon(JsonObject options) => Number(options, "epsilon") ?? 1e-7;

    private static double? Number(JsonObject options, string name) => options[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static bool Is(JsonObject options, string name) => options[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;
}

/// <summary>How a model is trained, without its optimizer.</summary>
internal static class TrainingOptions
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["mse"] = "mean_squared_error",
        ["mae"] = "mean_absolute_error",
        ["mape"] = "mean_absolute_percentage_error",
        ["msle"] = "mean_squared_logarithmic_error",
        ["kld"] = "kullback_leibler_divergence",
        ["kl_divergence"] = "kullback_leibler_divergence",
        ["log_cosh"] = "logcosh",
    };

    private static readonly HashSet<string> Losses = new(StringComparer.Ordinal)
    {
        "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "squared_hinge", "hinge", "categorical_hinge", "logcosh",
        "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "kullback_leibler_divergence", "poisson", "cosine_proximity",
    };

    private static readonly HashSet<string> Metrics = new(StringComparer.Ordinal)
    {
        "accuracy", "acc", "crossentropy", "ce", "binary_accuracy", "categorical_accuracy", "precision", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse", "mae", "mape", "cosine",
    };

    /// <summary>The loss and the metrics that TensorFlow.js has; null when it does not have the loss, or when losses have weights.</summary>
    public static JsonObject? ToTFJS(JsonObject training)
    {
        if (training["loss_weights"] is not null || training["sample_weight_mode"] is not null || training["weighted_metrics"] is JsonArray { Count: > 0 })
            return null;
        JsonNode? loss = training["loss"] switch
        {
            JsonArray list when list.All(l => Loss(l) is not null) => new JsonArray([.. list.Select(l => (JsonNode?)Loss(l))]),
            JsonObject table when table.Text("class_name") is null && table.All(l => Loss(l.Value) is not null) => new JsonObject(table.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)Loss(l.Value)))),
            { } one => Loss(one),
            null => null,
        };
        if (loss is null)
            return null;
        // Keras 2 has the metrics of each output in a list, and describes those that it made of a name.
        IEnumerable<JsonNode?> given = training["metrics"] as JsonArray ?? [];
        IEnumerable<string> metrics = given.SelectMany(m => m is JsonArray inner ? inner : (IEnumerable<JsonNode?>)[m]).Select(m => m is JsonValue value && value.TryGetValue(out string? name) ? name : (m as JsonObject)?.Options()?.Text("name") ?? "");
        return new JsonObject { ["loss"] = loss, ["metrics"] = new JsonArray([.. metrics.Where(Metrics.Contains).Select(m => (JsonNode)m)]) };
    }

    private static string? Loss(JsonNode? loss)
    {
        string? name = loss is JsonValue value && value.TryGetValue(out string? text) ? text
            // Of logits, TensorFlow.js has none.
            : loss is JsonObject table && table.Text("class_name") is { } type && table.Options() is { } options && !(options["from_logits"] is JsonValue logits && logits.TryGetValue(out bool flag) && flag) ? ArchiveWeights.SnakeCase(type)
            : null;
        return name is null ? null : Losses.Contains(Short.GetValueOrDefault(name, name)) ? Short.GetValueOrDefault(name, name) : null;
    }
}
