using Decant.Formats;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire;

namespace Decant.Tests.Formats.TFLite;

public sealed class TFLiteFaultTests
{
    [SharedTheory]
    [InlineData("data/bad/litert-bad/0_subgraphs.bin", "no subgraph")]
    [InlineData("data/bad/litert-bad/no_subgraphs.bin", "no subgraph")]
    [InlineData("data/bad/litert-bad/test_model_broken.bin", "")]
    public void A_bad_file_is_a_located_error(string path, string said)
    {
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(SharedData.Path(path)).Dispose());
        Assert.NotNull(e.Diagnostics[0].Location?.File);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void All_bad_files_load_or_are_refused_and_run_or_are_refused()
    {
        foreach (string file in SharedData.Files("data/bad/litert-bad", "*.bin").Concat(SharedData.Files("data/bad/coral-invalid-models", "*.tflite")))
        {
            try
            {
                using Model model = Model.Load(file);
                using var session = new Session(model);
                session.Run(((Function)model.Graph).ArgNodes.Select((n, i) => (i, n)).ToDictionary(a => $"{a.i}", a => Zeros(a.n.Tensors[0])));
            }
            catch (ModelException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
        }
    }

    [SharedFact]
    public void A_model_of_TensorFlow_ops_is_not_written()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path("data/graphdef/plus3/plus3.pb"));
        ModelException e = Assert.Throws<ModelException>(() => model.Save(folder["x.tflite"], "tflite"));
        Assert.Equal(FormatErrors.FormatNotSupported, e.Diagnostics[0].Code);
        Assert.False(File.Exists(folder["x.tflite"]));
    }

    [Fact]
    public void A_file_cut_behind_its_identifier_is_a_located_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.tflite"], [0x10, 0, 0, 0, (byte)'T', (byte)'F', (byte)'L', (byte)'3']);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(folder["x.tflite"]));
        Assert.Equal(WireErrors.BadFlatBuffer, e.Diagnostics[0].Code);
        Assert.Equal(0, e.Diagnostics[0].Location?.Offset);
    }

    private static Tensor Zeros(TensorSpec spec) =>
        new(spec.DType, spec.Shape, new BufferSlice(new byte[Tensor.ByteCount(spec.DType, spec.Shape)]));
}
