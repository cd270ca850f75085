using Decant.Comparison;
using Decant.Formats.Keras;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Tests.Formats.Keras;

/// <summary>Every Keras file of <c>../shared/data</c>: run, or refused for the reason that is listed here.</summary>
public sealed class KerasModelTests
{
    // The files that hold no layers, and those that cannot be run.
    private static readonly Dictionary<string, string> NotRun = new()
    {
        ["keras-h5/densenet-age-weights/densenet_reg_13_64.h5"] = "weights",
        ["keras-h5/dl4j-cnn-tf-simple/cnn_tf_weights.h5"] = "weights",
        ["keras-h5/dl4j-simple-flatten-rnn/simple_flatten_rnn_tf_keras_2_inputs_and_outputs.h5"] = "not-recognized",
        ["keras-h5/dl4j-simple-flatten-rnn/simple_flatten_rnn_tf_keras_2_weights.h5"] = "weights",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_1_inputs_and_outputs.h5"] = "not-recognized",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_1_weights.h5"] = "weights",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_2_inputs_and_outputs.h5"] = "not-recognized",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_2_weights.h5"] = "weights",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_th_keras_1_inputs_and_outputs.h5"] = "not-recognized",
        ["keras-h5/dl4j-simple-lstm/simple_lstm_th_keras_1_weights.h5"] = "weights",
        ["keras-h5/dl4j-lambda/sequential_lambda.h5"] = "keras-lambda",
        ["keras-h5/dl4j-weights-tf1tf2/space_to_depth_simple_tensorflow_1.h5"] = "keras-lambda",
        ["keras-h5/dl4j-weights-tf1tf2/space_to_depth_simple_tensorflow_2.h5"] = "keras-lambda",
        ["keras-zip/keras-nested-container/pre_pr22362_nested_container.keras"] = "keras-unknown-layers",
    };

    public static TheoryData<string> Files => [.. SharedData.Files("data/keras-h5").Concat(SharedData.Files("data/keras-zip"))
        .Where(f => Path.GetExtension(f) is ".h5" or ".hdf5" or ".keras").Select(f => Path.GetRelativePath(Path.Combine(SharedData.Root, "data"), f))];

    [SharedTheory]
    [MemberData(nameof(Files))]
    public void A_file_runs_or_is_refused_as_listed(string path)
    {
        string? expected = NotRun.GetValueOrDefault(path);
        try
        {
            using Model model = Model.Load(SharedData.Path($"data/{path}"));
            Assert.Equal(expected == "weights", model.Signatures.Count == 0);
            if (expected == "weights")
            {
                Assert.All(model.Graph.Nodes, n => Assert.Equal("Const", n.Op.Name));
                Assert.NotEmpty(model.Graph.Nodes);
                return;
            }

            Assert.Null(expected);
            var random = new Random(5);
            SignatureView view = SignatureView.Of(model);
            using var session = new Session(model);
            IReadOnlyDictionary<string, Tensor> found = session.Run(view.Inputs.ToDictionary(i => i.Name, i => i.DType.IsInteger() ? Zeros(i) : RandomTensors.For(i, random)), [.. view.Outputs.Select(o => o.Name)]);
            foreach (SignatureTensor output in view.Outputs)
                Assert.True(output.Shape.IsCompatibleWith(found[output.Name].Shape), $"{output.Name} is {found[output.Name].Shape}, declared {output.Shape}");
        }
        catch (ModelException e)
        {
            Assert.Equal(expected, e.Diagnostics[0].Code.Id);
            Assert.All(e.Diagnostics, d => Assert.NotNull(d.Location?.File));
        }
    }

    /// <summary>Values that Keras itself gave, of a model of Keras 2 and one of Keras 1.</summary>
    [SharedFact]
    public void Predictions_of_Keras_are_met()
    {
        using Model model = Model.Load(SharedData.Path("data/keras-h5/dl4j-fullconfigs-cnn-bn/cnn_batch_norm.h5"));
        using var session = new Session(model);
        Tensor input = NpyReader.Read(SharedData.Path("data/keras-h5/dl4j-fullconfigs-cnn-bn/input.npy"));
        Tensor wanted = NpyReader.Read(SharedData.Path("data/keras-h5/dl4j-fullconfigs-cnn-bn/predictions.npy"));
        Tensor found = session.Run(new Dictionary<string, Tensor> { ["conv2d_1_input"] = ToFloat(input) }, ["dense_1"])["dense_1"];
        Assert.Null(TensorComparison.Difference(found, ToFloat(wanted), 1e-4, 1e-5));
    }

    // Ids that every vocabulary has.
    internal static Tensor Zeros(SignatureTensor input) => Tensor.Wrap(new int[input.Shape.Dims.ToArray().Aggregate(1L, (n, d) => n * Math.Max(1, d))], new Shape([.. input.Shape.Dims.ToArray().Select(d => Math.Max(1, d))]));

    private static Tensor ToFloat(Tensor tensor) => tensor.DType == DType.Float64 ? Tensor.Wrap([.. tensor.Span<double>().ToArray().Select(d => (float)d)], tensor.Shape) : tensor;
}
