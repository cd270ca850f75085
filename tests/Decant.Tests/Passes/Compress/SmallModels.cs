using Decant.IR;
using Decant.Passes;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

/// <summary>Graphs of one weight and one reader, and what compressing does to them.</summary>
internal static class SmallModels
{
    /// <summary>A graph that adds weights <c>w</c> to 0: output <c>y</c> is the weights as they are restored.</summary>
    public static Model Added(Tensor weights)
    {
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", Shape.Scalar } });
        model.Graph.Add("y", "AddV2", [x, model.Graph.AddConst("w", weights)], new AttributeMap { { "T", DType.Float32 } });
        return model;
    }

    /// <summary>y = MatMul(x, w), w read through an Identity.</summary>
    public static Model Product(Tensor weights, bool transposed = false)
    {
        var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(-1, weights.Shape[transposed ? 1 : 0]) } });
        Node read = model.Graph.Add("w/read", "Identity", [model.Graph.AddConst("w", weights)], new AttributeMap { { "T", DType.Float32 } });
        model.Graph.Add("y", "MatMul", [x, read], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", transposed } });
        return model;
    }

    /// <summary>y = rows of w at ids, w read through an Identity.</summary>
    public static Model Lookup(Tensor weights, DType ids = DType.Int32)
    {
        var model = new Model();
        Node id = model.Graph.Add("ids", "Placeholder", [], new AttributeMap { { "dtype", ids }, { "shape", new Shape(-1) } });
        Node read = model.Graph.Add("w/read", "Identity", [model.Graph.AddConst("w", weights)], new AttributeMap { { "T", DType.Float32 } });
        Node axis = model.Graph.AddConst("axis", Tensor.Scalar(0));
        model.Graph.Add("y", "GatherV2", [read, id, axis], new AttributeMap { { "Tparams", DType.Float32 }, { "Tindices", ids }, { "Taxis", DType.Int32 }, { "batch_dims", 0 } });
        return model;
    }

    public static Tensor Random(int seed, params long[] dims)
    {
        var random = new Random(seed);
        float[] values = new float[new Shape(dims).ElementCount];
        foreach (ref float x in values.AsSpan())
            x = (random.NextSingle() + random.NextSingle() + random.NextSingle()) - 1.5f;
        return Tensor.Wrap(values, new Shape(dims));
    }

    public static CompressionResult Compress(Model model, string setting, params string[] outputs) => model.Compress(new CompressOptions
    {
        Setting = CompressionSetting.Parse(setting),
        Weights = new WeightSelection { MinElements = 1 },
        Outputs = outputs.Length > 0 ? outputs : null,
        Verify = true,
    });

    public static float[] Run(Model model, string output, params (string Name, Tensor Value)[] inputs)
    {
        using var session = new Session(model);
        return session.Run(inputs.ToDictionary(i => i.Name, i => i.Value), [output])[output].Span<float>().ToArray();
    }

    /// <summary>The weights of <see cref="Added"/> as the compressed graph restores them.</summary>
    public static float[] Restored(string setting, Tensor weights, out CompressionResult result)
    {
        result = Compress(Added(weights), setting);
        return Run(result.Model, "y", ("x", Tensor.Scalar(0f)));
    }

    public static Decline OnlyDecline(CompressionResult result) => Assert.Single(result.Report.Declines);
}
