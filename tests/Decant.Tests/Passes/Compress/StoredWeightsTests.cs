using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class StoredWeightsTests
{
    /// <summary>Rounding of float32 in the two or three operations that restore a weight, relative to the largest weight.</summary>
    private const float Rounding = 4e-7f;

    [Theory]
    [InlineData("float16", new float[] { 1, -2.0009766f, 1e-7f, 65504 }, new float[] { 1, -2, 1.1920929e-7f, 65504 })]
    [InlineData("bfloat16", new float[] { 1, 1.00390625f, 1.01171875f, -3e38f }, new float[] { 1, 1, 1.015625f, -3.0041e38f })]
    [InlineData("int8", new float[] { -1, 0, 0.5f, 1.55f }, new float[] { -1, 0, 0.5f, 1.55f })]
    [InlineData("clusters=2", new float[] { 1, 2, 9, 12 }, new float[] { 1.5f, 1.5f, 10.5f, 10.5f })]
    [InlineData("clusters=3", new float[] { 0, 0, 0, 1, 10 }, new float[] { 0, 0, 0, 1, 10 })]
    [InlineData("steps=4", new float[] { -4, -1, 0, 0.9f, 4 }, new float[] { -3, -1, 1, 1, 5 })]
    [InlineData("prune=0.5", new float[] { 3, -1, 2, -4 }, new float[] { 3, 0, 0, -4 })]
    [InlineData("prune=0.5", new float[] { 2, -2, 2, 2 }, new float[] { 0, 0, 2, 2 })]
    [InlineData("prune=0", new float[] { 3, -1 }, new float[] { 3, -1 })]
    [InlineData("int8", new float[] { 7, 7, 7 }, new float[] { 7, 7, 7 })]
    [InlineData("clusters=2", new float[] { 7, 7, 7 }, new float[] { 7, 7, 7 })]
    [InlineData("int8-per-channel", new float[] { 0, 0, 0, 0, 0, 0, 0, 0 }, new float[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Weights_come_back_as_computed_by_hand(string setting, float[] weights, float[] expected)
    {
        float[] restored = SmallModels.Restored(setting, Tensor.Wrap(weights, setting == "int8-per-channel" ? new Shape(weights.Length, 1) : null), out _);
        Assert.Equal(expected.Length, restored.Length);
        Assert.All(expected.Zip(restored), p => Assert.Equal(p.First, p.Second, Math.Abs(p.First) * 2e-3f));
    }

    [Theory]
    [InlineData("int8", new float[] { 1, float.NaN }, "holds NaN")]
    [InlineData("clusters=4", new float[] { 1, float.PositiveInfinity }, "holds infinities")]
    [InlineData("prune=0.5", new float[] { float.NegativeInfinity, 0 }, "holds infinities")]
    [InlineData("float16", new float[] { 1, 70000 }, "holds 70000, and float16 reaches to 65504")]
    [InlineData("bfloat16", new float[] { 3.4e38f }, "holds values that bfloat16 rounds to infinity")]
    [InlineData("int8", new float[] { }, "has no elements")]
    [InlineData("int8-per-channel", new float[] { 1, 2, 3 }, "has fewer than 8 elements per channel along axis 0")]
    public void What_would_be_damaged_is_declined_and_left(string setting, float[] weights, string reason)
    {
        float[] restored = SmallModels.Restored(setting, Tensor.Wrap(weights), out CompressionResult result);
        Assert.Equal(weights, restored);
        Assert.Empty(result.Report.Edits);
        Assert.Equal(("w", reason), (SmallModels.OnlyDecline(result).Node, SmallModels.OnlyDecline(result).Reason));
    }

    [Fact]
    public void Eight_bits_per_tensor_are_the_nodes_of_quantize_weights()
    {
        CompressionResult result = SmallModels.Compress(SmallModels.Added(Tensor.Wrap([-1f, 0, 0.5f, 1.55f])), "int8");
        Assert.Equal(["weights_to_int8: w"], result.Report.Edits);
        Node restored = result.Model.Graph["w"];
        Assert.Equal("Dequantize", restored.Op.Name);
        Assert.Equal(["w_quantized_const", "w_quantized_min", "w_quantized_max"], restored.Inputs.Select(i => i.Node.Name));
        Assert.Equal("MIN_FIRST", ((StringAttr)restored.Attributes["mode"]!).Text);
        Assert.Equal([0, 100, 150, 255], restored.Inputs[0].Constant!.Span<byte>().ToArray());
        Assert.Equal((-1f, 1.55f), (restored.Inputs[1].Constant!.Span<float>()[0], restored.Inputs[2].Constant!.Span<float>()[0]));
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("int8-per-channel")]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    [InlineData("clusters=16")]
    public void Rows_are_gathered_before_they_are_restored_and_no_float_copy_of_all_is_left(string setting)
    {
        Tensor weights = SmallModels.Random(1, 50, 6);
        (string, Tensor) ids = ("ids", Tensor.Wrap([3, 49, 0]));
        float[] all = SmallModels.Restored(setting, weights, out _);
        CompressionResult result = SmallModels.Compress(SmallModels.Lookup(weights), setting, "y");
        Assert.False(result.Model.Graph.TryGet("w", out _));
        Assert.False(result.Model.Graph.TryGet("w/read", out _));
        Assert.DoesNotContain(result.Model.Graph.Nodes, n => n.Op == "Const" && n.Attributes["value"] is TensorAttr { DType: DType.Float32, Shape.ElementCount: >= 300 });
        float[] rows = SmallModels.Run(result.Model, "y", ids);
        Assert.Equal([.. all[18..24], .. all[294..300], .. all[0..6]], rows);
    }

    [Fact]
    public void Whoever_reads_weights_as_a_whole_gets_them_restored_beside_the_gather()
    {
        Tensor weights = SmallModels.Random(2, 20, 4);
        Model model = SmallModels.Lookup(weights);
        model.Graph.Add("sum", "Sum", [model.Graph["w/read"], model.Graph["axis"]], new AttributeMap { { "T", DType.Float32 }, { "Tidx", DType.Int32 }, { "keep_dims", false } });
        CompressionResult result = SmallModels.Compress(model, "float16", "y", "sum");
        Assert.Equal("Cast", result.Model.Graph["w"].Op.Name);
        Assert.Equal("Cast", result.Model.Graph["y"].Op.Name);
        float[] sums = SmallModels.Run(result.Model, "sum");
        float[] expected = SmallModels.Run(model, "sum");
        Assert.All(expected.Zip(sums), p => Assert.Equal(p.First, p.Second, 20 * 1.5f / 2048));
    }

    [Fact]
    public void A_constant_that_is_an_output_stays_findable_by_its_name()
    {
        CompressionResult result = SmallModels.Compress(SmallModels.Lookup(Tensor.Wrap([0f, 1, 2, 3], new Shape(2, 2))), "int8", "y", "w");
        Assert.Equal([0, 1, 2, 3], SmallModels.Run(result.Model, "w").Select(x => MathF.Round(x)));
    }

    [Theory]
    [InlineData("int8", 1f / 255)]
    [InlineData("int8-per-channel", 1f / 255)]
    [InlineData("float16", 2f / 2048)]
    [InlineData("bfloat16", 2f / 256)]
    [InlineData("steps=64", 1f / 64)]
    public void The_error_is_at_most_half_of_the_formulas_step(string setting, float step)
    {
        Tensor weights = SmallModels.Random(3, 40, 50);
        float[] from = weights.Span<float>().ToArray(), to = SmallModels.Restored(setting, weights, out _);
        float range = from.Max() - from.Min();
        Assert.All(from.Zip(to), p => Assert.InRange(p.Second - p.First, (-range * step / 2) - Rounding, (range * step / 2) + Rounding));
    }

    [Theory]
    [InlineData("Conv2D", new long[] { 5 })]
    [InlineData("DepthwiseConv2dNative", new long[] { 4, 5 })]
    public void Channels_have_scales_of_their_own(string op, long[] channels)
    {
        float[] from = [.. SmallModels.Random(4, 3, 3, 4, 5).Span<float>().ToArray().Select((x, i) => x * (1 << (i % 5)))];
        Tensor filter = Tensor.Wrap(from, new Shape(3, 3, 4, 5));
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(1, 8, 8, 4) } });
        model.Graph.Add("y", op, [x, model.Graph.AddConst("w", filter)], new AttributeMap { { "T", DType.Float32 }, { "strides", new ListAttr { Ints = [1, 1, 1, 1] } }, { "padding", "SAME" } });
        CompressionResult result = SmallModels.Compress(model, "int8-per-channel");
        Tensor scales = result.Model.Graph["w_scales"].Attributes["value"] is TensorAttr t ? t.Value : null!;
        Assert.Equal(new Shape(channels), scales.Shape);
        float[] to = SmallModels.Run(result.Model, "w");
        int count = (int)scales.ElementCount;
        for (int i = 0; i < from.Length; i++)
            Assert.InRange(Math.Abs(from[i] - to[i]), 0, (scales.Span<float>()[i % count] / 2) + (Rounding * 16));
    }

    [Fact]
    public void Weights_that_are_transposed_have_their_channels_along_the_first_axis()
    {
        CompressionResult result = SmallModels.Compress(SmallModels.Product(SmallModels.Random(5, 6, 20), transposed: true), "int8-per-channel");
        Assert.Equal(new Shape(6, 1), ((TensorAttr)result.Model.Graph["w_scales"].Attributes["value"]!).Shape);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("int8-per-channel")]
    [InlineData("float16")]
    [InlineData("clusters=8")]
    [InlineData("prune=0.7")]
    [InlineData("prune-together=0.7")]
    public void A_second_time_changes_nothing(string setting)
    {
        Tensor weights = SmallModels.Random(6, 30, 40), x = SmallModels.Random(7, 2, 30);
        CompressOptions options = new() { Setting = CompressionSetting.Parse(setting), Verify = true };
        Model once = SmallModels.Product(weights).Compress(options).Model;
        Model twice = once.Compress(options).Model;
        Assert.Equal(once.Graph.Nodes.Count, twice.Graph.Nodes.Count);
        Assert.Equal(SmallModels.Run(once, "y", ("x", x)), SmallModels.Run(twice, "y", ("x", x)));
    }
}
