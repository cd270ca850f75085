using System.Runtime.Intrinsics;
using Decant.Comparison;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Runtime;

/// <summary>What prepared nodes hold of a network's weights, after runs by plan.</summary>
public sealed class WeightCopiesTests
{
    private const int Runs = 2;

    /// <summary>Without vectors there is no form for few output channels, and those are padded to 16 as well: gear came to 1.2.</summary>
    private static readonly double Padding = Vector128.IsHardwareAccelerated ? 1 : 1.25;

    /// <summary>
    /// Networks with the most that they may hold, as a multiple of their weights. Columns are padded to 16, which counts where there are few. A 3x3
    /// convolution by Winograd holds four times its filter in the place of it: emotion, age, liveness.
    /// </summary>
    public static TheoryData<string, double> Networks => new()
    {
        { "graphdef/fsanet-capsule/fsanet_capsule_3_16_2_21_5.pb", 1.05 },
        { "graphdef/t2o-ae0/frozen.pb", 1.05 },
        { "tfjs-graph/human-age/age.json", 2 },
        { "tfjs-graph/human-blazeface-front/blazeface-front.json", 1.1 },
        { "tfjs-graph/human-emotion/emotion.json", 1.3 },
        { "tfjs-graph/human-facemesh/facemesh.json", 1.05 },
        { "tfjs-graph/human-gear-e1/gear-e1.json", 1.05 },
        { "tfjs-graph/human-handtrack/handtrack.json", 1.05 },
        { "tfjs-graph/human-liveness/liveness.json", 1.35 },
        { "tfjs-graph/human-selfie/selfie.json", 1.1 },
        { "tfjs-graph/style-transformer-separable/model.json", 1.05 },
        { "tfjs-layers/ml5-doodlenet/model.json", 1.1 },
        { "tfjs-layers/nsfw-mobilenet-v2/model.json", 1.05 },
    };

    [SharedTheory]
    [MemberData(nameof(Networks))]
    public void Weights_are_held_in_one_form(string path, double most)
    {
        using Model model = Model.Load(SharedData.Path($"data/{path}"));
        var view = SignatureView.Of(model);
        Dictionary<string, Tensor> inputs = [];
        RandomTensors.Complete(inputs, view, view.Outputs.Select(o => o.Name), new Random(1));
        using var session = new Session(model, new SessionOptions { Threads = 1 });
        for (int i = 0; i < Runs; i++)
            session.Run(inputs);
        long weights = WeightBytes(model);
        Assert.True(session.ConstantBytes <= weights * most * Padding, $"{session.ConstantBytes} of {weights}: {(double)session.ConstantBytes / weights:0.000}");
    }

    [Fact]
    public void Nodes_that_read_the_same_weights_share_what_is_packed()
    {
        var graph = new SeededGraphs(5);
        Value x = graph.Input("x", -1, 64), weights = graph.Constant(64, 64);
        for (int step = 0; step < 3; step++)
            x = graph.Model.Graph.Add($"step{step}", "MatMul", [x, graph.Float($"read{step}", "Identity", weights)], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
        using Model model = graph.Model;
        Assert.Equal(64 * 64 * sizeof(float), Held(model, new Shape(4, 64), x));
        Assert.Equal(64 * 64 * sizeof(float), Held(model, new Shape(1, 64), x));
    }

    [Fact]
    public void Convolutions_of_images_of_several_sizes_share_a_filter()
    {
        var graph = new SeededGraphs(5);
        Value filter = graph.Constant(1, 1, 32, 32), large = graph.Conv("large", graph.Input("x", 1, 8, 8, 32), 1, 1, 32, 32, 1);
        Value small = graph.Conv("small", large, 1, 1, 32, 32, 2);
        (large.Node.Inputs[1], small.Node.Inputs[1]) = (filter, filter);
        using Model model = graph.Model;
        Assert.Equal(32 * 32 * sizeof(float), Held(model, new Shape(1, 8, 8, 32), small));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    public void A_product_of_one_row_and_of_several_is_of_the_same_weights(DType dtype)
    {
        var graph = new SeededGraphs(5);
        Value x = graph.Input("x", -1, 3), weights = graph.Constant(3, 2);
        AttributeMap Cast(DType from, DType to) => new() { { "SrcT", from }, { "DstT", to } };
        Value narrow = graph.Model.Graph.Add("narrow", "Cast", [x], Cast(DType.Float32, dtype)), other = graph.Model.Graph.Add("weights", "Cast", [weights], Cast(DType.Float32, dtype));
        Value product = graph.Model.Graph.Add("product", "MatMul", [narrow, other], new AttributeMap { { "T", dtype }, { "transpose_a", false }, { "transpose_b", false } });
        Value y = graph.Model.Graph.Add("y", "Cast", [product], Cast(dtype, DType.Float32));
        using Model model = graph.Model;
        using var session = new Session(model);
        float[] Run(params float[] rows) => session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(rows, new Shape(rows.Length / 3, 3)) }, [y.Node.Name])["y"].Span<float>().ToArray();
        float[] one = Run(1, 2, 4), two = Run(1, 2, 4, 1, 2, 4);
        Assert.Equal([.. one, .. one], two);
        Assert.Equal(one, Run(1, 2, 4));
    }

    private static long Held(Model model, Shape shape, Value output)
    {
        using var session = new Session(model);
        for (int i = 0; i < Runs; i++)
            session.Run(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(shape) }, [output.Node.Name]);
        return session.ConstantBytes;
    }

    private static long WeightBytes(Model model)
    {
        IEnumerable<(DType Type, Shape Shape)> constants = model.Functions.Values.SelectMany(f => f.Nodes).Concat(model.Graph.Nodes)
            .Where(n => n.Op.Name is "Const").Select(n => n.Attributes["value"]).OfType<TensorAttr>().Select(t => (t.DType, t.Shape));
        IEnumerable<(DType Type, Shape Shape)> variables = model.Variables.Values.Select(v => (v.DType, v.Shape));
        return constants.Concat(variables).Where(c => c.Type.HasFixedSize()).Sum(c => c.Shape.ElementCount * c.Type.Size());
    }
}
