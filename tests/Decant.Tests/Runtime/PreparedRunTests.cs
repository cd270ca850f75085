using System.Runtime.CompilerServices;
using Decant.IR;
using Decant.Ops;
using Decant.Runtime;

namespace Decant.Tests.Runtime;

/// <summary>A run that is repeated with other values.</summary>
public sealed class PreparedRunTests
{
    private const int ManyValues = 300_000;
    private static readonly Shape Size = new(2, 3);

    [Fact]
    public void Inputs_are_written_in_place_and_outputs_read_in_place()
    {
        using Model model = Negation();
        using var session = new Session(model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[6], Size) });
        Span<float> x = run.Input<float>("x");
        for (int i = 0; i < 3; i++)
        {
            x.Fill(i);
            run.Run();
            Assert.Equal(-i, run.Output<float>("y")[5]);
        }

        run.SetInput("x", Tensor.Wrap([1f, 2, 3, 4, 5, 6], Size));
        run.Run();
        Assert.Equal([-1f, -2, -3, -4, -5, -6], run.Output<float>("y").ToArray());
        Assert.Equal(Size, run.Output("y").Shape);
    }

    [Fact]
    public void The_values_of_the_first_run_are_copied()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        using Model model = Negation();
        using var session = new Session(model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(values, Size) });
        values[0] = 9;
        run.Run();
        Assert.Equal(-1, run.Output<float>("y")[0]);
    }

    [Fact]
    public void Spans_keep_what_they_are_of_when_all_else_is_gone()
    {
        using Model model = Negation(ManyValues);
        ReadOnlySpan<float> result = Result(model), prepared = Prepared(model);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Result(model, 2);
        }

        Assert.Equal((-1, -1), (result.IndexOfAnyExcept(-1f), prepared.IndexOfAnyExcept(-1f)));
    }

    [Fact]
    public void An_output_may_be_an_input()
    {
        var graph = new SeededGraphs(1);
        graph.Model.Graph.Add("y", "Reshape", [graph.Input("x", 2, 3), graph.Ints(6)], new AttributeMap { { "T", DType.Float32 }, { "Tshape", DType.Int32 } });
        using var session = new Session(graph.Model);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, 2, 3, 4, 5, 6], Size) });
        run.Input<float>("x")[0] = 8;
        run.Run();
        Assert.Equal([8f, 2, 3, 4, 5, 6], run.Output<float>("y").ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using Model model = Negation();
        using var session = new Session(model);
        PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[6], Size) });
        Assert.Equal(OpErrors.BadInput, Assert.Throws<ModelException>(() => run.SetInput("x", Tensor.Wrap(new float[6]))).Diagnostics[0].Code);
        Assert.Equal(CoreErrors.DTypeMismatch, Assert.Throws<ModelException>(() => run.Input<int>("x").Clear()).Diagnostics[0].Code);
        Assert.Throws<KeyNotFoundException>(() => run.Output("z"));
        Assert.Throws<KeyNotFoundException>(() => run.Input<float>("z").Clear());
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => run.Run(cancelled.Token));
        Assert.Throws<InvalidOperationException>(() => run.Output("y"));
        run.Run();
        Assert.Equal(6, run.Output<float>("y").Length);
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Run());
    }

    [Fact]
    public void A_session_is_not_run_by_what_watches_its_run()
    {
        using Model model = Negation();
        Session? session = null;
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[6], Size) };
        using var watched = session = new Session(model, new SessionOptions { Observer = new Watcher(() => session!.Run(inputs)) });
        Assert.Throws<InvalidOperationException>(() => watched.Run(inputs));
    }

    private static Model Negation(params long[] shape)
    {
        var graph = new SeededGraphs(1);
        graph.Float("y", "Neg", graph.Input("x", shape is [] ? [2, 3] : shape));
        return graph.Model;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<float> Result(Model model, float x = 1) => new Session(model).Run(Many(x))["y"].Span<float>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<float> Prepared(Model model) => new Session(model).Prepare(Many(1)).Output<float>("y");

    private static Dictionary<string, Tensor> Many(float x)
    {
        float[] values = new float[ManyValues];
        Array.Fill(values, x);
        return new() { ["x"] = Tensor.Wrap(values) };
    }

    private sealed class Watcher(Action act) : IStepObserver
    {
        public void Observe(in StepTiming step) => act();
    }
}
