using Decant.IR;
using Decant.Lowering;
using Decant.Passes.Compress;
using Decant.Quantizing;
using Decant.Runtime;

namespace Decant.Tests.Runtime;

/// <summary>Weights that are stored in a smaller form are restored when a program is built, however large they are.</summary>
public sealed class RestoredWeightsTests
{
    private const int Rows = 2600, Columns = 2000;
    private const string TFLite = "float16 of TensorFlow Lite";

    [Theory]
    [InlineData("int8")]
    [InlineData("int8-per-channel")]
    [InlineData("float16")]
    [InlineData("clusters=4")]
    [InlineData(TFLite)]
    public void Only_the_product_is_left_to_run(string setting)
    {
        float[] weights = [.. Enumerable.Range(0, Rows * Columns).Select(i => ((i % 4) - 1.5f) / 2)];
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(1, Rows) } });
        model.Graph.Add("y", "MatMul", [x, model.Graph.AddConst("w", Tensor.Wrap(weights, new Shape(Rows, Columns)))], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
        Model small = setting == TFLite ? model.Convert(new ConvertOptions { Quantize = QuantizationMode.Float16 }).Model : model.Compress(new CompressOptions { Setting = CompressionSetting.Parse(setting) }).Model;
        float[] input = new float[Rows];
        input[2] = 2;
        var observer = new Steps();
        using var session = new Session(small, new SessionOptions { Observer = observer });
        for (int run = 0; run < 3; run++)
        {
            float[] y = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(input, new Shape(1, Rows)) })["y"].Span<float>().ToArray();
            Assert.All(y.Select((v, i) => v - weights[(2 * Columns) + i] * 2), d => Assert.Equal(0, d, 0.012f));
        }

        Assert.Equal(["y", "y", "y"], observer.Names);
    }

    private sealed class Steps : IStepObserver
    {
        public List<string> Names { get; } = [];

        public void Observe(in StepTiming step) => Names.Add(step.Node.Name);
    }
}
