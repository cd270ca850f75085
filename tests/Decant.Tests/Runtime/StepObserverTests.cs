using Decant.IR;
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

    void IStepObserver.Observe(in StepTiming step) => _steps.Add(step);
}
