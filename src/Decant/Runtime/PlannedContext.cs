using System.Diagnostics;
using Decant.Kernels.Threading;

namespace Decant.Runtime;

/// <summary>Runs a program by a plan: kernels are given the tensors that were made with it.</summary>
internal sealed class PlannedContext : StepContext
{
    private readonly RunPlan _plan;
    private readonly BufferOwner? _results;
    private readonly ThreadTrial _trial;
    private RunPlan.PlannedStep _planned = null!;
    private int _nextScratch;

    /// <param name="engine">The engine.</param>
    /// <param name="program">The program.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="results">The memory of the results when they are valid until the next run only; null when every run gives its own.</param>
    public PlannedContext(Engine engine, Program program, RunPlan plan, BufferOwner? results)
        : base(engine, program)
    {
        (_plan, _results, _trial) = (plan, results, new ThreadTrial(engine.Pool.Threads, TimeProvider.System));
        plan.Fixed.CopyTo(Slots, 0);
    }

    public RunPlan Plan => _plan;

    public override WorkerPool Pool => _trial.IsShared ? Engine.Pool : WorkerPool.Inline;

    public override Tensor Allocate(int port, DType dtype, Shape shape)
    {
        if (Fitting(_planned.Outputs, port, dtype, shape) is not { } tensor)
            return base.Allocate(port, dtype, shape);
        Put(port, Slot.Share(tensor));
        return tensor;
    }

    public override Tensor Scratch(DType dtype, Shape shape) => Fitting(_planned.Scratch, _nextScratch++, dtype, shape) ?? base.Scratch(dtype, shape);

    public override void SetOutput(int port, Tensor tensor)
    {
        // A view of planned memory lives as long as the plan knows of it; any other must not refer to that memory.
        if (tensor.Data.Owner is not Arena arena || (arena != _plan.Arena && arena != _results))
            base.SetOutput(port, tensor);
        else if (port < _planned.Outputs.Length && _planned.Outputs[port] is { } view && view.Data.Owner == arena && view.Data.Offset == tensor.Data.Offset && view.Data.Length == tensor.Data.Length)
            Put(port, tensor);
        else
            Put(port, Copy(tensor));
    }

    internal override void SetOutput(int port, int input, Shape shape)
    {
        if (port == 0 && Slots[Step.Inputs[input]] is Tensor tensor)
            SetOutput(0, _planned.Views.Of(tensor, shape));
        else
            base.SetOutput(port, input, shape);
    }

    protected override void Begin()
    {
    }

    protected override void Vacate(int slot)
    {
        object? value = Slots[slot], rest = _plan.Fixed[slot];
        if (ReferenceEquals(value, rest))
            return;
        Slot.Release(value);
        Slots[slot] = rest;
    }

    protected override object Result(object value) =>
        _results is null || value is Tensor { Data.Owner: Arena arena } && arena == _plan.Arena ? base.Result(value) : Slot.Share(value);

    protected override void RunSteps()
    {
        if (!_trial.IsTiming)
        {
            RunAll();
            _trial.Ran();
            return;
        }

        long start = Stopwatch.GetTimestamp();
        RunAll();
        _trial.Took(Stopwatch.GetElapsedTime(start));
    }

    private void RunAll()
    {
        foreach (RunPlan.PlannedStep planned in _plan.Steps)
        {
            _planned = planned;
            _nextScratch = 0;
            if (planned.View is { } view && Slots[view.Slot] is Tensor source && view.Fits(source))
                Skip(planned.Step, planned.Views.Of(source, view.To));
            else
                RunStep(planned.Step);
        }
    }

    private static Tensor? Fitting(Tensor?[] planned, int index, DType dtype, Shape shape) =>
        (uint)index < (uint)planned.Length && planned[index] is { } tensor && tensor.DType == dtype && tensor.Shape == shape ? tensor : null;
}
