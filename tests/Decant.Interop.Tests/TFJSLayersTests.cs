using Decant.Formats;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>The layers models that Decant writes, run by TensorFlow.js itself.</summary>
public sealed class TFJSLayersTests
{
    private const double Tolerance = 1e-4;

    private static readonly string[] Activations = ["elu", "gelu", "hard_sigmoid", "linear", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh"];

    private static readonly string[] Merges = ["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply"];

    private static readonly string[] Identities = ["AlphaDropout", "Dropout", "GaussianDropout"];

    /// <summary>Layers in the options that TensorFlow.js has; those with masks, wrappers and states are among the recorded cases.</summary>
    private static readonly LayerModel[] Layers =
    [
        .. Activations.Select(a => new LayerModel("Activation", $"{{\"activation\":\"{a}\"}}", "3,4")),
        .. Merges.Select(m => new LayerModel(m, "{}", "3,4") { Inputs = 2 }),
        .. Identities.Select(i => new LayerModel(i, "{\"rate\":0.5}", "3,4")),
        new("GaussianNoise", "{\"stddev\":0.5}", "3,4"),
        new("SpatialDropout1D", "{\"rate\":0.5}", "3,4"),
        new("Concatenate", "{\"axis\":1}", "3,4") { Inputs = 2 },
        new("Dot", "{\"axes\":2,\"normalize\":true}", "3,4") { Inputs = 2 },
        new("AveragePooling1D", "{\"pool_size\":3,\"strides\":2,\"padding\":\"same\"}", "8,3"),
        new("AveragePooling2D", "{\"pool_size\":[3,2],\"strides\":[2,2],\"padding\":\"same\"}", "7,6,3"),
        new("AveragePooling3D", "{\"pool_size\":[2,2,2],\"strides\":[2,1,2],\"padding\":\"valid\"}", "4,5,6,2"),
        new("MaxPooling1D", "{\"pool_size\":2,\"strides\":2,\"padding\":\"valid\"}", "8,3"),
        new("MaxPooling2D", "{\"pool_size\":[2,2],\"strides\":[2,2],\"padding\":\"same\"}", "7,6,3"),
        new("MaxPooling3D", "{\"pool_size\":[2,2,2],\"strides\":[2,2,2],\"padding\":\"same\"}", "4,5,6,2"),
        new("GlobalAveragePooling1D", "{\"keepdims\":true}", "4,3"),
        new("GlobalMaxPooling1D", "{\"keepdims\":true}", "4,3"),
        new("GlobalAveragePooling2D", "{\"keepdims\":true}", "4,3,2"),
        new("GlobalMaxPooling2D", "{\"keepdims\":true,\"data_format\":\"channels_first\"}", "4,3,2"),
        new("Activation", "{\"activation\":\"hard_sigmoid\"}", "3,4") { Version = "3.8.0" },
        new("Activation", "{\"activation\":\"hard_silu\"}", "3,4") { Version = "3.8.0" },
        new("Normalization", "{\"axis\":[-1]}", "3,4", "mean 4", "variance 4", "count 1"),
        new("Normalization", "{\"axis\":1,\"mean\":[0.5,-1,2],\"variance\":[4,0.25,1]}", "3"),
        new("Reshape", "{\"target_shape\":[3,-1]}", "2,6"),
        new("GlobalAveragePooling1D", "{}", "4,3"),
        new("GlobalAveragePooling2D", "{\"keepdims\":false}", "4,3,2"),
        new("GlobalMaxPooling1D", "{}", "4,3"),
        new("GlobalMaxPooling2D", "{}", "4,3,2"),
        new("BatchNormalization", "{\"axis\":[3],\"epsilon\":0.001}", "3,3,4", "gamma 4", "beta 4", "moving_mean 4", "moving_variance 4"),
        new("BatchNormalization", "{\"axis\":1,\"scale\":false}", "4", "beta 4", "moving_mean 4", "moving_variance 4"),
        new("LayerNormalization", "{\"axis\":[2],\"epsilon\":0.001}", "3,4", "gamma 4", "beta 4"),
        new("Dense", "{\"units\":3,\"activation\":\"relu\"}", "4", "kernel 4,3", "bias 3"),
        new("Dense", "{\"units\":3,\"use_bias\":false}", "5,4", "kernel 4,3"),
        new("Conv1D", "{\"filters\":4,\"kernel_size\":[3],\"strides\":[2],\"padding\":\"same\",\"activation\":\"tanh\"}", "8,3", "kernel 3,3,4", "bias 4"),
        new("Conv1D", "{\"filters\":4,\"kernel_size\":[3],\"dilation_rate\":[2],\"padding\":\"valid\"}", "8,3", "kernel 3,3,4", "bias 4"),
        new("Conv2D", "{\"filters\":4,\"kernel_size\":[3,2],\"strides\":[2,2],\"padding\":\"same\"}", "7,6,3", "kernel 3,2,3,4", "bias 4"),
        new("Conv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"dilation_rate\":[2,2],\"padding\":\"valid\"}", "7,6,3", "kernel 3,3,3,4", "bias 4"),
        new("Conv3D", "{\"filters\":2,\"kernel_size\":[2,2,2],\"strides\":[2,1,2],\"padding\":\"same\"}", "4,5,6,2", "kernel 2,2,2,2,2", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"same\"}", "4,5,3", "kernel 3,3,2,3", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[2,2],\"strides\":[3,3],\"padding\":\"valid\",\"dilation_rate\":[1,1]}", "4,5,3", "kernel 2,2,2,3", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[2,2],\"strides\":[3,3],\"padding\":\"same\"}", "4,5,3", "kernel 2,2,2,3", "bias 2"),
        new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[3,3,3],\"strides\":[2,2,2],\"padding\":\"same\"}", "3,3,2,2", "kernel 3,3,3,2,2", "bias 2"),
        new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[2,2,2],\"strides\":[3,3,3],\"padding\":\"valid\"}", "3,3,2,2", "kernel 2,2,2,2,2", "bias 2"),
        new("DepthwiseConv2D", "{\"kernel_size\":[3,3],\"strides\":[1,1],\"padding\":\"same\",\"depth_multiplier\":2}", "5,6,3", "depthwise_kernel 3,3,3,2", "bias 6"),
        new("SeparableConv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"padding\":\"valid\",\"depth_multiplier\":1,\"groups\":1,\"kernel_initializer\":{\"class_name\":\"GlorotUniform\",\"config\":{}},\"kernel_regularizer\":null,\"kernel_constraint\":null}", "5,6,3", "depthwise_kernel 3,3,3,1", "pointwise_kernel 1,1,3,4", "bias 4"),
        new("Cropping2D", "{\"cropping\":[[1,0],[2,1]]}", "5,6,3"),
        new("ZeroPadding2D", "{\"padding\":[[1,0],[2,1]]}", "5,6,3"),
        new("UpSampling2D", "{\"size\":[2,3],\"interpolation\":\"nearest\"}", "3,4,2"),
        new("ELU", "{\"alpha\":1.0}", "3,4"),
        new("LeakyReLU", "{\"alpha\":0.25}", "3,4"),
        new("PReLU", "{\"shared_axes\":[1,2]}", "3,4,2", "alpha 1,1,2"),
        new("ReLU", "{\"max_value\":1.5,\"negative_slope\":0.0,\"threshold\":0.0}", "3,4"),
        new("Softmax", "{\"axis\":2}", "3,4"),
        new("ThresholdedReLU", "{\"theta\":0.75}", "3,4"),
        new("Embedding", "{\"input_dim\":4,\"output_dim\":3,\"input_length\":5}", "5", "embeddings 4,3"),
        new("Flatten", "{}", "3,4,2"),
        new("Permute", "{\"dims\":[2,1]}", "3,4"),
        new("RepeatVector", "{\"n\":3}", "4"),
        new("Reshape", "{\"target_shape\":[-1,2]}", "3,4"),
        new("Rescaling", "{\"scale\":0.5,\"offset\":-1.0}", "3,4"),
        new("SimpleRNN", "{\"units\":3,\"activation\":\"tanh\"}", "4,2", "kernel 2,3", "recurrent_kernel 3,3", "bias 3"),
        new("GRU", "{\"units\":3,\"reset_after\":false,\"recurrent_activation\":\"sigmoid\"}", "4,2", "kernel 2,9", "recurrent_kernel 3,9", "bias 9"),
        new("LSTM", "{\"units\":3,\"return_sequences\":true,\"go_backwards\":true,\"recurrent_activation\":\"hard_sigmoid\"}", "4,2", "kernel 2,12", "recurrent_kernel 3,12", "bias 12"),
        new("RNN", "{\"cell\":{\"class_name\":\"StackedRNNCells\",\"config\":{\"name\":\"cells\",\"cells\":[{\"class_name\":\"LSTMCell\",\"config\":{\"name\":\"a\",\"units\":3,\"recurrent_activation\":\"sigmoid\"}},{\"class_name\":\"SimpleRNNCell\",\"config\":{\"name\":\"b\",\"units\":2}}]}}}", "4,2",
            "cell_0/kernel 2,12", "cell_0/recurrent_kernel 3,12", "cell_0/bias 12", "cell_1/kernel 3,2", "cell_1/recurrent_kernel 2,2", "cell_1/bias 2"),
        new("AveragePooling2D", "{\"pool_size\":[2,2],\"strides\":[2,1],\"padding\":\"valid\",\"data_format\":\"channels_first\"}", "3,7,6"),
        new("MaxPooling2D", "{\"pool_size\":[2,2],\"padding\":\"same\",\"data_format\":\"channels_first\"}", "3,7,6"),
        new("MaxPooling3D", "{\"pool_size\":[2,2,2],\"padding\":\"valid\",\"data_format\":\"channels_first\"}", "2,4,5,6"),
        new("GlobalAveragePooling2D", "{\"data_format\":\"channels_first\"}", "4,3,2"),
        new("GlobalMaxPooling2D", "{\"data_format\":\"channels_first\"}", "4,3,2"),
        new("BatchNormalization", "{\"axis\":-1,\"center\":false}", "3,4", "gamma 4", "moving_mean 4", "moving_variance 4"),
        new("LayerNormalization", "{\"axis\":-1,\"center\":false}", "3,4", "gamma 4"),
        new("LayerNormalization", "{\"axis\":-1,\"scale\":false}", "3,4", "beta 4"),
        new("LayerNormalization", "{\"axis\":1}", "3,4", "gamma 3", "beta 3"),
        new("LayerNormalization", "{\"axis\":[1,2]}", "3,4", "gamma 3,4", "beta 3,4"),
        new("Activation", "{\"activation\":\"softmax\"}", "4"),
        new("Activation", "{\"activation\":\"softmax\"}", "2,3,4"),
        new("Concatenate", "{\"axis\":-1}", "4") { Inputs = 3 },
        new("Concatenate", "{\"axis\":2}", "2,3,4") { Inputs = 2 },
        new("Dot", "{\"axes\":1,\"normalize\":false}", "4") { Inputs = 2 },
        new("Dot", "{\"axes\":[1,1],\"normalize\":false}", "3,4") { Inputs = 2 },
        new("Dot", "{\"axes\":-1,\"normalize\":true}", "3,4") { Inputs = 2 },
        new("Conv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"same\",\"data_format\":\"channels_first\"}", "3,7,6", "kernel 3,3,3,4", "bias 4"),
        new("Conv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"dilation_rate\":[2,3],\"padding\":\"same\",\"use_bias\":false}", "7,6,3", "kernel 3,3,3,4"),
        new("Conv3D", "{\"filters\":2,\"kernel_size\":[2,2,2],\"padding\":\"valid\",\"data_format\":\"channels_first\"}", "2,4,5,6", "kernel 2,2,2,2,2", "bias 2"),
        new("Conv3D", "{\"filters\":2,\"kernel_size\":[2,2,2],\"padding\":\"same\",\"dilation_rate\":[2,2,2]}", "4,5,6,2", "kernel 2,2,2,2,2", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"same\",\"data_format\":\"channels_first\"}", "3,4,5", "kernel 3,3,2,3", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[3,5],\"strides\":[2,2],\"padding\":\"same\",\"output_padding\":[1,1]}", "4,5,3", "kernel 3,5,2,3", "bias 2"),
        new("Conv2DTranspose", "{\"filters\":2,\"kernel_size\":[3,2],\"strides\":[2,3],\"padding\":\"valid\",\"output_padding\":[0,1]}", "4,5,3", "kernel 3,2,2,3", "bias 2"),
        new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[2,2,2],\"strides\":[1,1,1],\"padding\":\"same\",\"data_format\":\"channels_first\"}", "2,3,3,2", "kernel 2,2,2,2,2", "bias 2"),
        new("DepthwiseConv2D", "{\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"valid\",\"data_format\":\"channels_first\"}", "3,7,6", "depthwise_kernel 3,3,3,1", "bias 3"),
        new("DepthwiseConv2D", "{\"kernel_size\":[2,3],\"strides\":[2,2],\"padding\":\"same\",\"use_bias\":false,\"activation\":\"relu\"}", "7,6,3", "depthwise_kernel 2,3,3,1"),
        new("SeparableConv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"strides\":[2,2],\"padding\":\"same\",\"depth_multiplier\":2}", "7,6,3", "depthwise_kernel 3,3,3,2", "pointwise_kernel 1,1,6,4", "bias 4"),
        new("SeparableConv2D", "{\"filters\":4,\"kernel_size\":[3,3],\"dilation_rate\":[2,2],\"padding\":\"valid\"}", "7,6,3", "depthwise_kernel 3,3,3,1", "pointwise_kernel 1,1,3,4", "bias 4"),
        new("ConvLSTM2D", "{\"filters\":2,\"kernel_size\":[2,2],\"padding\":\"same\",\"return_sequences\":true,\"recurrent_activation\":\"hard_sigmoid\"}", "3,4,5,2", "kernel 2,2,2,8", "recurrent_kernel 2,2,2,8", "bias 8"),
        new("ConvLSTM2D", "{\"filters\":2,\"kernel_size\":[2,2],\"strides\":[2,2],\"padding\":\"valid\",\"go_backwards\":true,\"recurrent_activation\":\"hard_sigmoid\"}", "3,4,5,2", "kernel 2,2,2,8", "recurrent_kernel 2,2,2,8", "bias 8"),
        new("ConvLSTM2D", "{\"filters\":2,\"kernel_size\":[2,2],\"dilation_rate\":[2,2],\"padding\":\"valid\",\"recurrent_activation\":\"hard_sigmoid\"}", "3,4,5,2", "kernel 2,2,2,8", "recurrent_kernel 2,2,2,8", "bias 8"),
        new("ConvLSTM2D", "{\"filters\":2,\"kernel_size\":[2,2],\"padding\":\"same\",\"use_bias\":false,\"recurrent_activation\":\"sigmoid\",\"activation\":\"relu\"}", "3,4,5,2", "kernel 2,2,2,8", "recurrent_kernel 2,2,2,8"),
        new("Cropping2D", "{\"cropping\":[[1,0],[2,1]],\"data_format\":\"channels_first\"}", "3,5,6"),
        new("Cropping2D", "{\"cropping\":1}", "5,6,3"),
        new("ZeroPadding2D", "{\"padding\":[[1,0],[2,1]],\"data_format\":\"channels_first\"}", "3,5,6"),
        new("ZeroPadding2D", "{\"padding\":[1,2]}", "5,6,3"),
        new("UpSampling2D", "{\"size\":[2,3],\"interpolation\":\"nearest\",\"data_format\":\"channels_first\"}", "2,3,4"),
        new("Flatten", "{\"data_format\":\"channels_first\"}", "2,3,4"),
        new("LeakyReLU", "{}", "3,4"),
        new("PReLU", "{\"shared_axes\":null}", "3,4", "alpha 3,4"),
        new("ReLU", "{\"max_value\":null}", "3,4"),
        new("Softmax", "{\"axis\":-1}", "4"),
        new("Embedding", "{\"input_dim\":4,\"output_dim\":3,\"mask_zero\":true}", "5", "embeddings 4,3"),
        new("Masking", "{\"mask_value\":0.5}", "4,3"),
        new("Permute", "{\"dims\":[3,1,2]}", "2,3,4"),
        new("Rescaling", "{\"scale\":[0.5,2.0],\"offset\":[1.0,0.0]}", "3,2"),
        new("SimpleRNN", "{\"units\":3,\"use_bias\":false,\"return_sequences\":true,\"go_backwards\":true,\"activation\":\"relu\"}", "4,2", "kernel 2,3", "recurrent_kernel 3,3"),
        new("GRU", "{\"units\":3,\"reset_after\":false,\"recurrent_activation\":\"hard_sigmoid\",\"return_sequences\":true,\"use_bias\":false,\"unroll\":true}", "4,2", "kernel 2,9", "recurrent_kernel 3,9"),
        new("GRU", "{\"units\":3,\"reset_after\":false,\"implementation\":2,\"recurrent_activation\":\"sigmoid\",\"go_backwards\":true}", "4,2", "kernel 2,9", "recurrent_kernel 3,9", "bias 9"),
        new("LSTM", "{\"units\":3,\"implementation\":2,\"unit_forget_bias\":false,\"recurrent_activation\":\"sigmoid\",\"activation\":\"relu\",\"unroll\":true}", "4,2", "kernel 2,12", "recurrent_kernel 3,12", "bias 12"),
        new("LSTM", "{\"units\":3,\"use_bias\":false,\"stateful\":false,\"time_major\":false,\"dropout\":0.5,\"recurrent_dropout\":0.5,\"recurrent_activation\":\"sigmoid\"}", "4,2", "kernel 2,12", "recurrent_kernel 3,12"),
        new("RNN", "{\"return_sequences\":true,\"cell\":{\"class_name\":\"GRUCell\",\"config\":{\"name\":\"a\",\"units\":3,\"reset_after\":false,\"recurrent_activation\":\"sigmoid\"}}}", "4,2", "kernel 2,9", "recurrent_kernel 3,9", "bias 9"),
        new("TimeDistributed", "{\"layer\":{\"class_name\":\"Conv2D\",\"config\":{\"name\":\"conv\",\"filters\":2,\"kernel_size\":[2,2],\"padding\":\"same\"}}}", "3,4,5,2", "kernel 2,2,2,2", "bias 2"),
        new("TimeDistributed", "{\"layer\":{\"class_name\":\"BatchNormalization\",\"config\":{\"name\":\"bn\",\"axis\":-1}}}", "3,4", "gamma 4", "beta 4", "moving_mean 4", "moving_variance 4"),
        new("TimeDistributed", "{\"layer\":{\"class_name\":\"Flatten\",\"config\":{\"name\":\"flat\"}}}", "3,4,2"),
        new("TimeDistributed", "{\"layer\":{\"class_name\":\"Flatten\",\"config\":{\"name\":\"flat\"}}}", "3,4"),
        new("TimeDistributed", "{\"layer\":{\"class_name\":\"Dense\",\"config\":{\"name\":\"dense\",\"units\":3}}}", "4,2", "kernel 2,3", "bias 3"),
    ];

    [NodeFact]
    public void Layers_give_in_TensorFlow_js_what_they_give_in_Keras()
    {
        using var run = new TFJSRun();
        using var folder = new TemporaryFolder();
        foreach ((int i, LayerModel layer) in Layers.Index())
        {
            layer.Write(folder[$"{i}"]);
            using Model source = Model.Load(folder[$"{i}"]);
            run.AddLayers(source, layer.Feeds());
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Zip(Layers).Where(f => f.First is not null).Select(f => $"{f.Second}: {f.First}")));
    }

    /// <summary>Those with layers that TensorFlow.js does not have are refused.</summary>
    [NodeFact]
    public void Recorded_layers_give_in_TensorFlow_js_what_was_recorded()
    {
        using var run = new TFJSRun();
        using var folder = new TemporaryFolder();
        List<string> names = [];
        foreach ((string name, LayerCase it) in LayerCase.All)
        {
            it.Write(folder[name]);
            using Model source = Model.Load(folder[name]);
            try
            {
                run.AddLayers(source, it.Inputs(source), it.Outputs(source));
                names.Add(name);
            }
            catch (ModelException e) when (e.Diagnostics.All(d => d.Code == FormatErrors.OpsNotSupported))
            {
            }
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Zip(names).Where(f => f.First is not null).Select(f => $"{f.Second}: {f.First}")));
        Assert.InRange(names.Count, 17, LayerCase.All.Count);
    }

    /// <summary>Those of the files whose layers TensorFlow.js has.</summary>
    [SharedNodeFact]
    public void Keras_models_give_in_TensorFlow_js_what_they_give_in_Decant()
    {
        using var run = new TFJSRun();
        List<string> names = [];
        foreach ((string name, (string folder, System.Text.Json.JsonElement it)) in NodeModel.Cases("tfjs", "keras-h5", "keras-zip"))
        {
            using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
            Dictionary<string, Tensor> inputs = NodeModel.Inputs(folder, it);
            SignatureView view = SignatureView.Of(source);
            try
            {
                run.AddLayers(source, [.. view.Inputs.Select(i => NodeModel.ForModel(inputs[i.Name], i.DType))]);
                names.Add(name);
            }
            catch (ModelException e) when (e.Diagnostics.All(d => d.Code == FormatErrors.OpsNotSupported || d.Code == FormatErrors.FormatNotSupported))
            {
            }
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Zip(names).Where(f => f.First is not null).Select(f => $"{f.Second}: {f.First}")));
        Assert.InRange(names.Count, 10, int.MaxValue);
    }
}
