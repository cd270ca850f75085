using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing.Keras3;

namespace Decant.Tests.Formats.Keras.Writing.Keras3;

public sealed class Keras3TrainingTests
{
    private const string Adam = """{"class_name": "Adam", "config": {"lr": 0.5, "beta_1": 0.9, "decay": 0.0, "epsilon": 1e-7}}""";

    /// <summary>An optimizer of Keras 2, and that of Keras 3.</summary>
    public static TheoryData<string, string> Optimizers => new()
    {
        { Adam, """{"module": "keras.optimizers", "class_name": "Adam", "config": {"beta_1": 0.9, "epsilon": 1e-7, "learning_rate": 0.5}, "registered_name": null}""" },
        { """{"class_name": "Custom>SGD", "config": {"name": "SGD", "learning_rate": 0.1, "momentum": 0.9, "is_legacy_optimizer": false, "jit_compile": true}}""", """{"module": "keras.optimizers", "class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.1, "momentum": 0.9}, "registered_name": null}""" },
        {
            """{"class_name": "SGD", "config": {"lr": 0.1, "decay": 0.01}}""",
            """{"module": "keras.optimizers", "class_name": "SGD", "config": {"learning_rate": {"module": "keras.optimizers.schedules", "class_name": "InverseTimeDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.01, "staircase": false, "name": "InverseTimeDecay"}, "registered_name": null}}, "registered_name": null}"""
        },
        {
            """{"class_name": "RMSprop", "config": {"learning_rate": {"class_name": "ExponentialDecay", "config": {"initial_learning_rate": 0.1}}, "rho": 0.9}}""",
            """{"module": "keras.optimizers", "class_name": "RMSprop", "config": {"rho": 0.9, "learning_rate": {"module": "keras.optimizers.schedules", "class_name": "ExponentialDecay", "config": {"initial_learning_rate": 0.1}, "registered_name": null}}, "registered_name": null}"""
        },
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void An_optimizer_is_told_as_Keras_3_tells_it(string before, string after)
    {
        JsonObject? config = Keras3Training.Of(new JsonObject { ["optimizer_config"] = JsonNode.Parse(before), ["loss"] = "mse" });
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after), config!["optimizer"]), config.ToJsonString());
    }

    [Theory]
    [InlineData("loss", "\"kld\"", "\"kl_divergence\"")]
    [InlineData("loss", """{"a": "mse", "b": null}""", """{"a": "mse", "b": null}""")]
    [InlineData("loss", """{"class_name": "BinaryCrossentropy", "config": {"reduction": "auto", "from_logits": true, "fn": "f"}}""", """{"module": "keras.losses", "class_name": "BinaryCrossentropy", "config": {"reduction": "sum_over_batch_size", "from_logits": true}, "registered_name": null}""")]
    [InlineData("metrics", """[["acc", {"class_name": "MeanMetricWrapper", "config": {"name": "e", "dtype": "float32", "fn": "mae"}}]]""", """[["acc", "mae"]]""")]
    [InlineData("metrics", """[{"class_name": "AUC", "config": {"name": "auc"}}]""", """[{"module": "keras.metrics", "class_name": "AUC", "config": {"name": "auc"}, "registered_name": null}]""")]
    public void Losses_and_metrics_are_told_as_Keras_3_tells_them(string field, string before, string after)
    {
        JsonObject? config = Keras3Training.Of(new JsonObject { ["optimizer_config"] = JsonNode.Parse(Adam), [field] = JsonNode.Parse(before) });
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after), config![field]), config.ToJsonString());
    }

    [Theory]
    [InlineData("""{"loss": "mse"}""")]
    [InlineData("""{"optimizer_config": {"class_name": "Mine", "config": {}}, "loss": "mse"}""")]
    [InlineData("""{"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": "my_loss"}""")]
    [InlineData("""{"optimizer_config": {"class_name": "SGD", "config": {}}, "loss": "mse", "metrics": [{"class_name": "Mine", "config": {}}]}""")]
    [InlineData("""{"optimizer_config": {"class_name": "SGD", "config": {"learning_rate": {"class_name": "Mine", "config": {}}}}, "loss": "mse"}""")]
    public void Training_with_what_Keras_3_does_not_have_is_left_out(string training) => Assert.Null(Keras3Training.Of(JsonNode.Parse(training)!.AsObject()));
}
