using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Layers whose ops one of the runtimes does not have, as it computes what they are made of.</summary>
public sealed class ComposedLayersTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<LayerModel> Layers =>
    [
        .. ((string[])["area", "bicubic", "gaussian", "lanczos3", "lanczos5", "mitchellcubic"]).Select(method => new LayerModel("Resizing", $"{{\"height\":4,\"width\":11,\"interpolation\":\"{method}\"}}", "7,6,3")),
        new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[3,2,4],\"strides\":[2,3,1],\"padding\":\"same\"}", "3,2,4,3", "kernel 3,2,4,2,3", "bias 2"),
        new("Conv3DTranspose", "{\"filters\":2,\"kernel_size\":[3,2,1],\"strides\":[2,3,2],\"padding\":\"valid\"}", "3,3,4,3", "kernel 3,2,1,2,3", "bias 2"),
        new("MelSpectrogram", "{\"fft_length\":64,\"sequence_stride\":32,\"sampling_rate\":8000,\"num_mel_bins\":10,\"max_freq\":4000}", "400"),
    ];

    [NodeTheory]
    [MemberData(nameof(Layers))]
    public void LiteRT_and_TensorFlow_js_give_what_Decant_gives(LayerModel layer)
    {
        using var work = new TemporaryFolder();
        layer.Write(work["source"]);
        using Model source = Model.Load(work["source"]);
        var view = SignatureView.Of(source);
        string[] outputs = [view.Outputs[0].Name];
        var inputs = new Dictionary<string, Tensor> { [view.Inputs[0].Name] = layer.Feeds()[0] };
        using var session = new Session(source);
        IReadOnlyDictionary<string, Tensor> wanted = session.Run(inputs, outputs);
        using Model lite = source.Convert(new ConvertOptions { InputShapes = new Dictionary<string, Shape> { [view.Inputs[0].Name] = layer.Feeds()[0].Shape } }).Model;
        lite.Save(work["model.tflite"], "tflite");
        NodeModel.Agree(wanted, NodeModel.Run("litert_run.mjs", work["model.tflite"], inputs, outputs, work), Tolerance);
        using var run = new TFJSRun();
        run.Add(source, new TFJSConvertOptions(), inputs, _ => wanted).Dispose();
        Assert.Null(Assert.Single(run.Faults(Tolerance)));
    }
}
