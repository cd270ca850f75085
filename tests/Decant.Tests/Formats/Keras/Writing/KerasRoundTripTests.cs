using System.IO.Compression;
using System.Text.Json.Nodes;
using Decant.Comparison;
using Decant.Formats;
using Decant.Formats.Keras;
using Decant.Formats.Keras.Writing.Keras3;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras.Writing;

/// <summary>Every Keras model of <c>../shared/data</c>, written in each of Keras's formats and read again: the same layers, weights and answers.</summary>
public sealed class KerasRoundTripTests
{
    private static readonly string[] Targets = ["keras", "keras_h5", "tfjs_layers"];

    // Files of Keras 1, which only their own format holds.
    private static bool IsKeras1(Model model) => model.Keras!.Version.StartsWith('1');

    public static TheoryData<string> Files =>
    [
        .. SharedData.Files("data/keras-h5").Concat(SharedData.Files("data/keras-zip")).Where(f => Path.GetExtension(f) is ".h5" or ".hdf5" or ".keras")
            .Concat(SharedData.Files("data/tfjs-layers", "model.json")).Select(f => Path.GetRelativePath(Path.Combine(SharedData.Root, "data"), f)),
    ];

    /// <summary>Keras reads the group of the model itself, empty as it is, and what a compiled model of Keras 2 has counted.</summary>
    [SharedTheory]
    [InlineData("keras-zip/nlf-classifier/model.keras")]
    [InlineData("keras-zip/ner-lstm/model.keras")]
    [InlineData("keras-h5/mnist-moonflower/mnist_model.h5")]
    public void An_archive_has_the_groups_that_Keras_reads(string path)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path($"data/{path}"));
        model.Save(folder["m.keras"], "keras");
        Hdf5Group written = Weights(folder["m.keras"]);
        Assert.NotNull(written["vars"] as Hdf5Group);
        if (!path.EndsWith(".keras", StringComparison.Ordinal))
            return;
        Hdf5Group read = Weights(SharedData.Path($"data/{path}"));
        // What the optimizer of Keras 2 keeps is in another order than that of Keras 3.
        bool isOlder = !model.Keras!.Version.StartsWith('3');
        Assert.Equal(read.Datasets().Select(d => d.Path).Where(p => !isOlder || !p.StartsWith("/optimizer/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), written.Datasets().Select(d => d.Path).Order(StringComparer.Ordinal));
    }

    private static Hdf5Group Weights(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using Stream entry = zip.GetEntry("model.weights.h5")!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return Hdf5File.Open(new BufferSlice(bytes.ToArray(), archive)).Root;
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public void A_model_survives_in_each_format(string path)
    {
        if (Open(SharedData.Path($"data/{path}")) is not { Keras: { } parts } model)
            return;
        using var folder = new TemporaryFolder();
        foreach (string target in Targets)
        {
            string file = folder[$"{target}.{(target == "keras" ? "keras" : "h5")}"];
            try
            {
                model.Save(file, target);
            }
            catch (ModelException e)
            {
                Assert.True((IsKeras1(model) && target != "keras_h5") || (target == "tfjs_layers" && e.Diagnostics.All(d => d.Code == FormatErrors.OpsNotSupported)), e.Message);
                Assert.False(Path.Exists(file));
                continue;
            }

            using Model back = Model.Load(file);
            Assert.Equal(target, back.Format);
            // Archives are those of Keras 3, which computes this activation with other slopes.
            bool isNewer = target == "keras" && !parts.Version.StartsWith('3'), hasHardSigmoid = System.Text.Encoding.UTF8.GetString(parts.Config.Span).Contains("hard_sigmoid", StringComparison.Ordinal);
            // Archives say the input of a Sequential model, which older files leave out.
            bool hasInput = target != "keras" || parts.Layers[0].Class == "InputLayer";
            Assert.Equal(parts.Layers.Select(l => (l.Name, l.Weights.Count)), back.Keras!.Layers.Where((l, i) => hasInput || i > 0 || l.Class != "InputLayer").Select(l => (l.Name, l.Weights.Count)));
            KerasWeight[] before = [.. parts.Weights], after = [.. back.Keras.Weights];
            for (int i = 0; i < before.Length; i++)
            {
                Assert.Equal((before[i].Name, before[i].Value.Shape), (after[i].Name, after[i].Value.Shape));
                if (!isNewer || !hasHardSigmoid)
                    Assert.Equal(before[i].Value.Value.Data.ToArray(), after[i].Value.Value.Data.ToArray());
            }

            if (isNewer)
                Assert.Equal(Keras3Model.Version, back.Keras.Version);
            if (target == model.Format)
            {
                Assert.True(isNewer || parts.Version == back.Keras.Version);
                Assert.True(isNewer || JsonNode.DeepEquals(JsonNode.Parse(parts.Config.Span), JsonNode.Parse(back.Keras.Config.Span)) || parts.Version.StartsWith("tfjs", StringComparison.Ordinal));
                Assert.Equal(parts.TrainingConfig.IsEmpty, back.Keras.TrainingConfig.IsEmpty);
                Assert.Equal(parts.Metrics.Select(w => (w.StoredName, w.Value.Shape)), back.Keras.Metrics.Select(w => (w.StoredName, w.Value.Shape)));
                // Keras 2 keeps it in another order than 3.
                Assert.Equal(isNewer ? [] : parts.Optimizer.Weights.Select(w => w.StoredName), back.Keras.Optimizer.Weights.Select(w => w.StoredName));
                Assert.All(parts.Optimizer.Weights.Zip(back.Keras.Optimizer.Weights), w => Assert.Equal(w.First.Value.Value.Data.ToArray(), w.Second.Value.Value.Data.ToArray()));
            }
            else
            {
                bool isKept = parts.Optimizer.Weights.Count > 0 && OptimizerState.LostIn(parts, target) is null;
                Assert.Equal(isKept, back.Keras.Optimizer.Weights.Count > 0);
                Assert.True(!isKept || target != "keras");
            }

            // Scaled weights are rounded.
            SameAnswers(model, back, isNewer && hasHardSigmoid ? 1e-5 : 0);
            back.Save(folder[$"again-{target}"], target);
            using Model again = Model.Load(folder[$"again-{target}"]);
            Assert.Equal(back.Keras.Config.ToArray(), again.Keras!.Config.ToArray());
        }

        model.Dispose();
    }

    private static Model? Open(string path)
    {
        try
        {
            return Model.Load(path);
        }
        catch (ModelException)
        {
            // Which files are refused is said in KerasModelTests.
            return null;
        }
    }

    private static void SameAnswers(Model model, Model back, double tolerance)
    {
        SignatureView view = SignatureView.Of(model), other = SignatureView.Of(back);
        Assert.Equal(view.Inputs.Select(i => (i.Name, i.DType, i.Shape.ToString())), other.Inputs.Select(i => (i.Name, i.DType, i.Shape.ToString())));
        var random = new Random(5);
        Dictionary<string, Tensor> feeds = view.Inputs.ToDictionary(i => i.Name, i => i.DType.IsInteger() ? KerasModelTests.Zeros(i) : RandomTensors.For(i, random));
        using var one = new Session(model);
        using var two = new Session(back);
        string[] outputs = [.. view.Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> wanted = one.Run(feeds, outputs), found = two.Run(feeds, outputs);
        foreach (string output in outputs)
            Assert.Null(TensorComparison.Difference(found[output], wanted[output], tolerance, tolerance));
    }
}
