using Decant.Inspection;
using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Runtime;

namespace Decant.Tests.Runtime;

/// <summary>What an observer is told of a run.</summary>
public sealed class StepObserverTests : IStepObserver
{
    private readonly List<StepTiming> _steps = [];

    [Fact]
    public void Every_step_is_told_with_its_time_bytes_and_work()
    {
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(new Shape(4, 3)) } });
        Node w = model.Graph.AddConst("w", Tensor.Wrap(new float[3 * 5], new Shape(3, 5)));
        model.Graph.Add("y", "MatMul", [x, w], new AttributeMap { { "T", DType.Float32 } });
        using var session = new Session(model, new SessionOptions { Observer = this });
        session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[12], new Shape(4, 3)) }, ["y"]);
        StepTiming product = _steps.Single(s => s.Node.Name == "y");
        Assert.True(product.Ended >= product.Started);
        Assert.Equal((0, 4 * (12 + 15), 4 * 20, 2 * 4 * 3 * 5), (product.Depth, product.BytesRead, product.BytesWritten, product.Flops));
    }

    /// <summary>The work of an op, of the operator that it becomes, and what inspection counts of both.</summary>
    [Theory]
    [InlineData("MatMul", "[2, 64]", "[64, 32]", "FULLY_CONNECTED", 2 * 64 * 32)]
    [InlineData("BatchMatMulV2", "[3, 2, 8]", "[3, 8, 5]", "BATCH_MATMUL", 3 * 2 * 8 * 5)]
    [InlineData("Conv2D", "[2, 6, 6, 4]", "[3, 3, 4, 16]", "CONV_2D", 2 * 6 * 6 * 3 * 3 * 4 * 16)]
    [InlineData("DepthwiseConv2dNative", "[2, 6, 6, 8]", "[3, 3, 8, 2]", "DEPTHWISE_CONV_2D", 2 * 6 * 6 * 3 * 3 * 8 * 2)]
    [InlineData("Conv3D", "[1, 4, 4, 4, 2]", "[3, 3, 3, 2, 4]", "CONV_3D", 4 * 4 * 4 * 3 * 3 * 3 * 2 * 4)]
    [InlineData("Conv2DBackpropInput", "[1, 4, 4, 3]", "[2, 2, 5, 3]", "TRANSPOSE_CONV", 4 * 4 * 3 * 2 * 2 * 5)]
    public void The_work_of_an_operator_of_TensorFlow_Lite_is_that_of_the_op(string op, string x, string w, string target, long macs)
    {
        using var model = new Model();
        Shape input = Shape(x), weights = Shape(w);
        Node fed = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", input } });
        Node constant = model.Graph.AddConst("w", Tensor.Wrap([.. Enumerable.Range(0, (int)weights.ElementCount).Select(i => (i % 7) - 3f)], weights));
        AttributeMap attributes = new() { { "T", DType.Float32 } };
        Value[] inputs = [fed, constant];
        if (op.Contains("Conv", StringComparison.Ordinal))
        {
            bool isTransposed = op == "Conv2DBackpropInput";
            attributes.Set("strides", new ListAttr { Ints = isTransposed ? [1, 2, 2, 1] : [.. Enumerable.Repeat(1L, input.Rank)] });
            attributes.Set("padding", "SAME");
            if (isTransposed)
                inputs = [model.Graph.AddConst("sizes", Tensor.Wrap([1, 8, 8, 5])), constant, fed];
        }

        model.Graph.Add("y", op, inputs, attributes);
        using Model converted = model.Convert(new ConvertOptions { Outputs = ["y"] }).Model;
        Assert.Contains(target, converted.Graph.Nodes.Select(n => n.Op.Name));
        Assert.Equal((macs, macs), (ModelInspector.Inspect(model).Macs, ModelInspector.Inspect(converted).Macs));
        Assert.Equal((2 * macs, 2 * macs), (Flops(model), Flops(converted)));

        long Flops(Model of)
        {
            _steps.Clear();
            using var session = new Session(of, new SessionOptions { Observer = this });
            session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[input.ElementCount], input) }, ["y"]);
            return _steps.Sum(s => s.Flops);
        }

        static Shape Shape(string text) => new([.. text.Trim('[', ']').Split(',').Select(long.Parse)]);
    }

    [Fact]
    public void Weights_that_a_kernel_keeps_in_its_own_form_count_with_the_bytes_that_the_model_has()
    {
        const int Inputs = 64, Outputs = 32;
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(2, Inputs) } });
        Node w = model.Graph.AddConst("w", Tensor.Wrap([.. Enumerable.Range(0, Inputs * Outputs).Select(i => (i % 7) - 3f)], new Shape(Inputs, Outputs)));
        model.Graph.Add("y", "MatMul", [x, w], new AttributeMap { { "T", DType.Float32 } });
        using Model converted = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Dynamic }).Model;
        using var session = new Session(converted, new SessionOptions { Observer = this });
        session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[2 * Inputs], new Shape(2, Inputs)) }, ["y"]);
        StepTiming product = _steps.Single(s => s.Node.Op.Name == "FULLY_CONNECTED");
        Assert.Equal((2 * Inputs * sizeof(float)) + (Inputs * Outputs), product.BytesRead);
    }

    void IStepObserver.Observe(in StepTiming step) => _steps.Add(step);
}
