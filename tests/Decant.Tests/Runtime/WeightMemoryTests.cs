using System.Runtime.CompilerServices;
using Decant.IR;

namespace Decant.Tests.Runtime;

/// <summary>Weights are in memory once: what was packed is not held as it was decoded.</summary>
public sealed class WeightMemoryTests
{
    /// <summary>A constant whose elements are decoded into memory of their own.</summary>
    private sealed record DecodedTensor(List<WeakReference> Decoded) : TensorAttr(DType.Float32, new Shape(3, 3, 16, 64))
    {
        protected override Tensor Decode()
        {
            var value = Tensor.Wrap(new float[3 * 3 * 16 * 64], Shape);
            Decoded.Add(new WeakReference(value));
            return value;
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("scaled")]
    public void Packed_weights_are_let_go(string kind)
    {
        List<WeakReference> decoded = [];
        using Model model = Network(decoded, kind == "scaled");
        using var session = new Session(model);
        using PreparedRun run = Prepare(session);
        run.Run();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.NotEmpty(decoded);
        Assert.DoesNotContain(decoded, d => d.IsAlive);
        run.Run();
        GC.KeepAlive(model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PreparedRun Prepare(Session session) =>
        session.Prepare(new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape(1, 8, 8, 16)) }, ["y"]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Model Network(List<WeakReference> decoded, bool isScaled)
    {
        var graph = new SeededGraphs(31);
        Value conv = graph.Conv("c", graph.Input("x", 1, 8, 8, 16), 3, 3, 16, 64, 1);
        Node weights = graph.Model.Graph.Add("weights", "Const", [], new AttributeMap { { "dtype", DType.Float32 }, { "value", new DecodedTensor(decoded) } });
        conv.Node.Inputs[1] = graph.Float("weights/read", "Identity", weights);
        graph.Float("y", "Relu", isScaled ? graph.Float("m", "Mul", conv, graph.Constant(64)) : conv);
        return graph.Model;
    }
}
