using System.IO.Compression;
using Decant.Formats;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>
/// Layers with recorded answers: <c>tensorflowjs.json</c> has what TensorFlow.js 4.22 gave, <c>computed.json</c> and
/// <c>later.json</c> what the layers' formulas give in NumPy, <c>keras.json</c> what Keras 3.16 gave; the crosses are those of Keras's documentation. Each runs as a layers model, and again in each format that Keras has for it.
/// </summary>
public sealed class LayerCaseTests
{
    // Float32 sums of up to 50 products, in another order, of values that are recorded with 7 digits.
    private const double Relative = 2e-5, Absolute = 2e-6;

    private static readonly HashSet<string> NotInKeras3 =
    [
        "computed/LocallyConnected1D", "computed/LocallyConnected2D", "computed/ResizingGaussian", "computed/ResizingMitchell", "later/Highway", "later/MaxoutDense", "later/Merge_ave", "later/Merge_concat", "later/Merge_cos", "later/Merge_dot", "later/Merge_dot3",
        "later/Merge_max", "later/Merge_mul", "later/Merge_sum", "later/ParametricSoftplus", "later/RandomCropOfKeras2", "later/RandomFourierFeatures", "later/SReLU",
    ];

    public static TheoryData<string> Names => [.. LayerCase.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_gives_the_recorded_values(string name)
    {
        LayerCase it = LayerCase.All[name];
        using var folder = new TemporaryFolder();
        it.Write(folder.Root);
        using Model model = Model.Load(folder["model.json"]);
        Check(model, it);
        using Model frozen = model.Freeze();
        Check(frozen, it);
        foreach (string format in (string[])["keras", "keras_h5"])
        {
            if (format == "keras" && NotInKeras3.Contains(name))
            {
                ModelException e = Assert.Throws<ModelException>(() => model.Save(folder[format], format));
                Assert.All(e.Diagnostics, d => Assert.Equal(FormatErrors.OpsNotSupported, d.Code));
                Assert.False(Path.Exists(folder[format]));
                continue;
            }

            model.Save(folder[format], format);
            using Model back = Model.Load(folder[format]);
            Check(back, it);
        }
    }

    /// <summary>Where Keras's archives have the weights of layers that are made of others: the first and the last, in the order of the model.</summary>
    [Theory]
    [InlineData("later/GroupQueryAttention", "grouped_query_attention/_query_dense/vars/0", "grouped_query_attention/_output_dense/vars/1")]
    [InlineData("later/TokenAndPositionEmbedding", "token_and_position_embedding/token_embedding/vars/0", "token_and_position_embedding/position_embedding/vars/0")]
    [InlineData("later/FNetEncoder", "f_net_encoder/_mixing_layer_norm/vars/0", "f_net_encoder/_output_dense/vars/1")]
    [InlineData("later/MaskedLMHead", "masked_lm_head/vars/0", "masked_lm_head/_intermediate_layer_norm/vars/1")]
    [InlineData("later/TransformerEncoder", "transformer_encoder/_self_attention_layer/query_dense/vars/0", "transformer_encoder/_feedforward_output_dense/vars/1")]
    [InlineData("later/TransformerDecoderCross", "transformer_decoder/_self_attention_layer/query_dense/vars/0", "transformer_decoder/_feedforward_layer_norm/vars/1")]
    public void An_archive_has_the_weights_of_parts_where_Keras_looks(string name, string first, string last)
    {
        LayerCase it = LayerCase.All[name];
        using var folder = new TemporaryFolder();
        it.Write(folder.Root);
        using Model model = Model.Load(folder["model.json"]);
        model.Save(folder["m.keras"], "keras");
        using ZipArchive zip = ZipFile.OpenRead(folder["m.keras"]);
        using Stream entry = zip.GetEntry("model.weights.h5")!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        Hdf5Group root = Hdf5File.Open(new BufferSlice(bytes.ToArray(), name)).Root;
        Assert.Equal(it.WeightCount, root.Datasets().Count);
        foreach ((string path, long[] shape) in new[] { (first, it.WeightShape(0)), (last, it.WeightShape(^1)) })
        {
            var stored = Assert.IsType<Hdf5Dataset>(root[$"layers/{path}"]);
            Assert.Equal(shape, stored.Shape.Dims.ToArray());
        }
    }

    private static void Check(Model model, LayerCase it)
    {
        using var session = new Session(model);
        SignatureView view = SignatureView.Of(model);
        string[] names = [.. view.Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> found = session.Run(view.Inputs.Zip(it.Inputs(model)).ToDictionary(i => i.First.Name, i => i.Second), names);
        Assert.Equal(it.OutputCount, names.Length);
        foreach ((string name, Tensor wanted) in names.Zip(it.Outputs(model)))
            Assert.Null(TensorComparison.Difference(found[name], wanted, Relative, Absolute));
    }
}
