using Decant.IR;
using Decant.Ops;

namespace Decant.Tests.Runtime;

/// <summary>Small files that ask for large tensors.</summary>
public sealed class TensorLimitTests
{
    /// <summary>Nodes that ask for 4 to 8 GB: their op, the output's shape, and the inputs.</summary>
    public static TheoryData<string, string, Tensor[]> Large => new()
    {
        { "AddV2", "[40000,40000]", [Tensor.Wrap(new float[40000], new Shape(40000, 1)), Tensor.Wrap(new float[40000], new Shape(1, 40000))] },
        { "BroadcastTo", "[32768,40000]", [Tensor.Scalar(1f), Tensor.Wrap([32768, 40000])] },
        { "Fill", "[2000000000]", [Tensor.Wrap([2_000_000_000]), Tensor.Scalar(1f)] },
        { "OneHot", "[2,1000000000]", [Tensor.Wrap([0, 1]), Tensor.Scalar(1_000_000_000), Tensor.Scalar(1f), Tensor.Scalar(0f)] },
        { "PadV2", "[1900000001]", [Tensor.Wrap([1f]), Tensor.Wrap([900_000_000, 1_000_000_000], new Shape(1, 2)), Tensor.Scalar(0f)] },
        { "Range", "[1000000000]", [Tensor.Scalar(0f), Tensor.Scalar(1e9f), Tensor.Scalar(1f)] },
        { "ResizeNearestNeighbor", "[1,40000,40000,1]", [Tensor.Wrap([1f], new Shape(1, 1, 1, 1)), Tensor.Wrap([40000, 40000])] },
        { "ScatterNd", "[2000000000]", [Tensor.Wrap([1], new Shape(1, 1)), Tensor.Wrap([1f]), Tensor.Wrap([2_000_000_000])] },
        { "Tile", "[2000000000]", [Tensor.Wrap([1f, 2f]), Tensor.Wrap([1_000_000_000])] },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public void An_op_that_asks_for_more_than_is_given_is_refused_by_its_name_and_bytes(string op, string shape, Tensor[] inputs)
    {
        using Model model = Of(op, inputs);
        using var session = new Session(model);
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor>(), ["y"])).Diagnostics[0];
        Assert.Equal((OpErrors.OutOfMemory, "y"), (fault.Code, fault.Location?.Node));
        Assert.Contains($"{op} asks for a float32 tensor of shape {shape}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("bytes", fault.Message, StringComparison.Ordinal);
        Assert.Contains("DECANT_LARGEST_TENSOR", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_the_session_counts_and_what_is_read_may_be_made_again()
    {
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 } });
        Node twice = model.Graph.Add("twice", "Tile", [x, model.Graph.AddConst("n", Tensor.Wrap([2]))], new AttributeMap { { "T", DType.Float32 }, { "Tmultiples", DType.Int32 } });
        model.Graph.Add("neg", "Neg", [x], new AttributeMap { { "T", DType.Float32 } });
        model.Graph.Add("both", "ConcatV2", [x, twice, model.Graph.AddConst("axis", Tensor.Scalar(0))], new AttributeMap { { "T", DType.Float32 }, { "N", 2 }, { "Tidx", DType.Int32 } });
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[1000]) };
        using (var wide = new Session(model, new SessionOptions { LargestTensor = 8000 }))
            Assert.Equal(3000, wide.Run(feeds, ["both"])["both"].ElementCount);
        using var session = new Session(model, new SessionOptions { LargestTensor = 3000 });
        Assert.Equal(1000, session.Run(feeds, ["neg"])["neg"].ElementCount);
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(feeds, ["both"])).Diagnostics[0];
        Assert.Equal((OpErrors.OutOfMemory, "twice"), (fault.Code, fault.Location?.Node));
        Assert.Contains("8000 bytes, and at most 3000", fault.Message, StringComparison.Ordinal);
    }

    private static Model Of(string op, Tensor[] inputs)
    {
        var model = new Model();
        AttributeMap attributes = op switch
        {
            "AddV2" => new() { { "T", DType.Float32 } },
            "BroadcastTo" => new() { { "T", DType.Float32 }, { "Tidx", DType.Int32 } },
            "Fill" => new() { { "T", DType.Float32 }, { "index_type", DType.Int32 } },
            "OneHot" => new() { { "T", DType.Float32 }, { "TI", DType.Int32 }, { "axis", -1 } },
            "PadV2" => new() { { "T", DType.Float32 }, { "Tpaddings", DType.Int32 } },
            "Range" => new() { { "Tidx", DType.Float32 } },
            "ResizeNearestNeighbor" => new() { { "T", DType.Float32 }, { "align_corners", false }, { "half_pixel_centers", false } },
            "ScatterNd" => new() { { "T", DType.Float32 }, { "Tindices", DType.Int32 } },
            _ => new() { { "T", DType.Float32 }, { "Tmultiples", DType.Int32 } },
        };
        model.Graph.Add("y", op, [.. inputs.Select((tensor, i) => (Value)model.Graph.AddConst($"x{i}", tensor))], attributes);
        return model;
    }
}
