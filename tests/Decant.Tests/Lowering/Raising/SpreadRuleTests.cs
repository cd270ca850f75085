using System.Buffers.Binary;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Lowering.Raising;

public sealed class SpreadRuleTests
{
    /// <summary>Sums of 27 products in another order.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Both paddings, windows that overlap and windows that do not, of images whose number is known or not.</summary>
    [Theory]
    [InlineData(1, 2, 2, 2)]
    [InlineData(1, 3, 2, -1)]
    [InlineData(2, 3, 2, 2)]
    [InlineData(2, 2, 3, -1)]
    public void The_transposed_convolution_of_MediaPipe_becomes_that_of_TensorFlow(int padding, int size, int stride, int images)
    {
        using Model lite = Make(padding, size, stride, images);
        using Model raised = lite.ToTensorFlow();
        Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        using var first = new Session(lite);
        using var second = new Session(raised);
        var inputs = new Dictionary<string, Tensor> { ["x"] = RecurrentRulesTests.Values(new Shape(2, 4, 5, 3), 1) };
        Assert.Null(TensorComparison.Difference(second.Run(inputs, ["y"])["y"], first.Run(inputs, ["y"])["y"], Tolerance, Tolerance));
    }

    private static Model Make(int padding, int size, int stride, int images)
    {
        var main = new Function("main");
        Node x = main.AddArg(new FunctionArg("x", DType.Float32));
        var input = new Shape(images < 0 ? 1 : images, 4, 5, 3);
        x.Tensors = [new TensorSpec("x", DType.Float32, input) { Signature = images < 0 ? new Shape(Shape.UnknownDimension, 4, 5, 3) : Shape.Unknown }];
        Node Constant(string name, int seed, params long[] dims)
        {
            Node node = main.AddConst(name, RecurrentRulesTests.Values(new Shape(dims), seed));
            node.Tensors = [new TensorSpec(name, DType.Float32, new Shape(dims))];
            return node;
        }

        byte[] words = new byte[12];
        foreach ((int i, int word) in new[] { padding, stride, stride }.Index())
            BinaryPrimitives.WriteInt32LittleEndian(words.AsSpan(i * sizeof(int)), word);
        Node y = main.Add("y", new OpName(Dialect.TFLite, "Convolution2DTransposeBias"), [x, Constant("w", 2, 2, size, size, 3), Constant("b", 3, 2)], new AttributeMap { { "custom_options", new StringAttr(words) } });
        y.Tensors = [new TensorSpec("y", DType.Float32, new Shape(input[0], 4 * stride, 5 * stride, 2))];
        main.Results.Add((new FunctionArg("y", DType.Float32), y));
        return new Model { Graph = main, TFLite = new TFLiteParts() };
    }
}
