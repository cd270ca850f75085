using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Resizing that the runtimes do not have, as they compute what it is made of.</summary>
public sealed class ResizingTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Methods => ["area", "bicubic", "gaussian", "lanczos3", "lanczos5", "mitchellcubic"];

    [NodeTheory]
    [MemberData(nameof(Methods))]
    public void LiteRT_and_TensorFlow_js_give_what_Decant_gives(string method)
    {
        using var work = new TemporaryFolder();
        var layer = new LayerModel("Resizing", $"{{\"height\":4,\"width\":11,\"interpolation\":\"{method}\"}}", "7,6,3");
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
