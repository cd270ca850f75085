using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing.Keras3;

namespace Decant.Tests.Formats.Keras.Writing.Keras3;

public sealed class Keras3OptionsTests
{
    /// <summary>A class, options as Keras 2 or TensorFlow.js tells them, and those that Keras 3 takes.</summary>
    public static TheoryData<string, string, string> Options => new()
    {
        { "InputLayer", """{"batch_input_shape": [null, 3], "sparse": false}""", """{"sparse": false, "batch_shape": [null, 3]}""" },
        { "Dense", """{"units": 2, "batch_input_shape": [null, 3], "dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}}}""", """{"units": 2, "dtype": "mixed_float16"}""" },
        { "Dense", """{"units": 2, "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null, "dtype": "float32"}}}""", """{"units": 2, "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}}}""" },
        { "LSTM", """{"units": 2, "time_major": false, "implementation": 2}""", """{"units": 2}""" },
        { "Embedding", """{"input_dim": 9, "input_length": 4}""", """{"input_dim": 9}""" },
        { "DepthwiseConv2D", """{"kernel_size": [3, 3], "groups": 1}""", """{"kernel_size": [3, 3]}""" },
        { "SeparableConv2D", """{"filters": 2, "groups": 1, "kernel_initializer": null, "kernel_regularizer": null, "kernel_constraint": null}""", """{"filters": 2}""" },
        { "Conv2D", """{"filters": 4, "groups": 2}""", """{"filters": 4, "groups": 2}""" },
        { "SpatialDropout2D", """{"rate": 0.5, "trainable": true, "noise_shape": null}""", """{"rate": 0.5}""" },
        { "BatchNormalization", """{"axis": [3], "fused": true, "renorm": false, "virtual_batch_size": null}""", """{"axis": 3}""" },
        { "LeakyReLU", """{"alpha": 0.2}""", """{"negative_slope": 0.2}""" },
        { "ReLU", """{"max_value": {"class_name": "__numpy__", "type": "ndarray", "value": 6.0}}""", """{"max_value": 6.0}""" },
        { "MultiHeadAttention", """{"num_heads": 2, "query_shape": [1], "key_shape": [1], "value_shape": [1]}""", """{"num_heads": 2}""" },
        { "RNN", """{"units": 2, "activation": "tanh", "cell": {"class_name": "SimpleRNNCell", "config": {"units": 2}}, "return_state": true}""", """{"cell": {"class_name": "SimpleRNNCell", "config": {"units": 2}}, "return_state": true}""" },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_that_Keras_3_does_not_take_are_left_out(string type, string before, string after)
    {
        JsonObject options = JsonNode.Parse(before)!.AsObject();
        Assert.Null(Keras3Options.Clean(type, options));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after), options), options.ToJsonString());
    }

    [Theory]
    [InlineData("LSTM", """{"time_major": true}""", "time_major")]
    [InlineData("Conv2DTranspose", """{"groups": 2}""", "groups")]
    [InlineData("SpatialDropout1D", """{"noise_shape": [1, 2]}""", "noise_shape")]
    [InlineData("BatchNormalization", """{"renorm": true}""", "renorm")]
    [InlineData("BatchNormalization", """{"axis": [1, 2]}""", "these are 2")]
    [InlineData("Attention", """{"causal": true}""", "causal")]
    public void An_option_that_asks_for_what_Keras_3_cannot_do_is_told(string type, string options, string told) =>
        Assert.Contains(told, Keras3Options.Clean(type, JsonNode.Parse(options)!.AsObject()), StringComparison.Ordinal);
}
