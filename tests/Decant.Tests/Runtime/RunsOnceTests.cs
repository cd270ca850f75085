using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Runtime;

namespace Decant.Tests.Runtime;

public class RunsOnceTests
{
    public static TheoryData<string, bool, QuantizationMode> Cases()
    {
        var cases = new TheoryData<string, bool, QuantizationMode>();
        foreach (string layer in (string[])["product", "pointwise", "few pixels", "scaled", "window", "grouped", "depthwise", "streamed product", "streamed pixels", "streamed residual", "hard swish", "affine"])
        {
            cases.Add(layer, false, QuantizationMode.None);
            foreach (QuantizationMode mode in (QuantizationMode[])[QuantizationMode.None, QuantizationMode.Float16, QuantizationMode.Dynamic])
                cases.Add(layer, true, mode);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_session_that_runs_once_gives_what_others_give(string layer, bool isConverted, QuantizationMode mode)
    {
        (Model source, Tensor x) = Layer(layer);
        using Model model = isConverted ? source.Convert(new ConvertOptions { Quantize = mode, Outputs = ["y"] }).Model : source;
        Dictionary<string, Tensor> inputs = new() { ["x"] = x };
        using Session once = new(model, new SessionOptions { RunsOnce = true }), again = new(model);
        Tensor found = once.Run(inputs, ["y"])["y"], expected = again.Run(inputs, ["y"])["y"];
        Assert.Equal(expected.Shape, found.Shape);
        ReadOnlySpan<float> a = expected.Span<float>(), b = found.Span<float>();
        for (int i = 0; i < a.Length; i++)
            Assert.Equal(a[i], b[i], 1e-4f);
    }

    [Fact]
    public void Weights_of_a_single_run_are_not_held()
    {
        (Model source, Tensor x) = Layer("product");
        using Model model = source.Convert(new ConvertOptions { Quantize = QuantizationMode.Float16, Outputs = ["y"] }).Model;
        using var session = new Session(model, new SessionOptions { RunsOnce = true });
        session.Run(new Dictionary<string, Tensor> { ["x"] = x }, ["y"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run(new Dictionary<string, Tensor> { ["x"] = x }, ["y"]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    // The weights are of several blocks, the last of which is not full.
    private static (Model Model, Tensor X) Layer(string layer)
    {
        (Shape input, Shape weights) = layer switch
        {
            "product" or "streamed product" => (new Shape(3, 601), new Shape(601, 701)),
            "pointwise" => (new Shape(2, 3, 5, 401), new Shape(1, 1, 401, 801)),
            "few pixels" or "scaled" or "streamed pixels" or "streamed residual" or "hard swish" or "affine" => (new Shape(2, 2, 1, 401), new Shape(1, 1, 401, 801)),
            "window" => (new Shape(1, 7, 6, 64), new Shape(3, 3, 64, 303)),
            "grouped" => (new Shape(1, 7, 6, 64), new Shape(3, 3, 32, 304)),
            _ => (new Shape(1, 7, 6, 64), new Shape(3, 3, 64, 1)),
        };
        var random = new Random(7);
        Tensor Numbers(Shape shape) => Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() - 0.5f) / 8)], shape);
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", input } });
        Node w = model.Graph.AddConst("w", Numbers(weights));
        Tensor plain = new Value(w).Constant!;
        if (layer.StartsWith("streamed", StringComparison.Ordinal))
            w.Attributes["value"] = new ComputedTensor(DType.Float32, weights, () => FloatStream.Convert<float>(plain, DType.Float32, (from, to, _) => from.CopyTo(to)));
        string op = layer switch { "product" or "streamed product" => "MatMul", "depthwise" => "DepthwiseConv2dNative", _ => "Conv2D" };
        var attributes = new AttributeMap { { "T", DType.Float32 } };
        if (op == "MatMul")
        {
            attributes.Add("transpose_a", false);
            attributes.Add("transpose_b", false);
        }
        else
        {
            attributes.Add("strides", new ListAttr { Ints = [1, 1, 1, 1] });
            attributes.Add("padding", "SAME");
            attributes.Add("data_format", "NHWC");
        }

        Node product = model.Graph.Add("product", op, [x, w], attributes);
        Node sum = model.Graph.Add("sum", "BiasAdd", [product, model.Graph.AddConst("b", Numbers(new Shape(op == "DepthwiseConv2dNative" ? 64 : weights[-1])))], new AttributeMap { { "T", DType.Float32 }, { "data_format", "NHWC" } });
        if (layer == "scaled")
            sum = model.Graph.Add("scaled", "Mul", [sum, model.Graph.AddConst("s", Numbers(new Shape(weights[-1])))], new AttributeMap { { "T", DType.Float32 } });
        var type = new AttributeMap { { "T", DType.Float32 } };
        if (layer == "streamed residual")
            sum = model.Graph.Add("added", "AddV2", [sum, model.Graph.Add("r", "Tanh", [model.Graph.AddConst("r/values", Numbers(new Shape(2, 2, 1, 801)))], type.Clone())], type.Clone());
        if (layer == "hard swish")
        {
            Node swish = model.Graph.Add("relu6", "Relu6", [model.Graph.Add("three", "AddV2", [sum, model.Graph.AddConst("3", Tensor.Scalar(3f))], type.Clone())], type.Clone());
            Node sixth = model.Graph.Add("sixth", "Mul", [swish, model.Graph.AddConst("1/6", Tensor.Scalar(1 / 6f))], type.Clone());
            model.Graph.Add("y", "Mul", [sum, sixth], type.Clone());
            return (model, Numbers(input));
        }

        Node last = model.Graph.Add(layer == "affine" ? "relu" : "y", "Relu", [sum], type.Clone());
        if (layer == "affine")
        {
            Node times = model.Graph.Add("times", "Mul", [last, model.Graph.AddConst("scale", Numbers(new Shape(801)))], type.Clone());
            model.Graph.Add("y", "AddV2", [times, model.Graph.AddConst("shift", Numbers(new Shape(801)))], type.Clone());
        }

        return (model, Numbers(input));
    }
}
