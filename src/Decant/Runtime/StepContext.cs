using System.Diagnostics;
using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Runtime;

/// <summary>The engine's side of a running kernel: a run of a program in pooled memory. Serves one run after another.</summary>
internal class StepContext(Engine engine, Program program) : KernelContext
{
    /// <summary>Tensors this small are left to the garbage collector.</summary>
    private const int SmallTensor = 512;

    private readonly List<Tensor> _temporaries = [];
    private readonly List<CallResults> _calls = [];
    private readonly List<Tensor> _inputs = [];
    private CancellationToken _cancellation;

    public override Node Node => Step.Node;

    public override int InputCount => Step.Inputs.Length;

    public override WorkerPool Pool => engine.Pool;

    public override ResourceStore Resources => engine.Resources;

    public override CancellationToken Cancellation => _cancellation;

    protected Engine Engine => engine;

    protected Program Program => program;

    protected object?[] Slots { get; } = new object?[program.SlotCount];

    protected Step Step { get; private set; } = null!;

    /// <summary>Runs the program. Feeds are lent; each result carries a counted reference.</summary>
    public void Run(ReadOnlySpan<object> feeds, Span<object> results, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        try
        {
            Begin();
            for (int i = 0; i < feeds.Length; i++)
                Slots[program.Feeds[i]] = Slot.Share(feeds[i]);
            RunSteps();
            for (int i = 0; i < results.Length; i++)
                results[i] = Result(Slots[program.Fetches[i]]!);
        }
        finally
        {
            for (int i = 0; i < Slots.Length; i++)
                Vacate(i);
        }
    }

    /// <summary>The tensor of an input, if it has one.</summary>
    public Tensor? Peek(int index) => Step.Inputs[index] is >= 0 and int slot ? Slots[slot] as Tensor ?? (Slots[slot] as Variable)?.Value : null;

    public override Tensor Input(int index)
    {
        if ((uint)index >= (uint)Step.Inputs.Length || Step.Inputs[index] < 0)
            throw Fail($"has {Step.Inputs.Length} inputs, expected an input {index}");
        return Slots[Step.Inputs[index]] switch
        {
            Tensor tensor => tensor,
            Variable variable => variable.Value ?? throw OpErrors.Uninitialized.At(
                Node.At(), $"reads the variable '{variable.Name}' before it has a value", "open the checkpoint together with the graph, or run the model's initializer first"),
            _ => throw new InvalidOperationException($"input {index} of {Node} has no value"),
        };
    }

    public override Variable InputVariable(int index)
    {
        if ((uint)index < (uint)Step.Inputs.Length && Step.Inputs[index] >= 0 && Slots[Step.Inputs[index]] is Variable variable)
            return variable;
        Tensor value = Input(index);
        return new Variable(Node.Name, value.DType, value.Shape) { Value = Keep(value) };
    }

    public override Tensor Allocate(int port, DType dtype, Shape shape)
    {
        Tensor tensor = NewTensor(dtype, shape);
        Put(port, tensor);
        return tensor;
    }

    public override Tensor Scratch(DType dtype, Shape shape)
    {
        Tensor tensor = NewTensor(dtype, shape);
        _temporaries.Add(tensor);
        return tensor;
    }

    public override void SetOutput(int port, Tensor tensor) => Put(port, Slot.Share(tensor));

    public override void SetOutput(int port, Variable variable) => Put(port, variable);

    public override Tensor Keep(Tensor tensor) => tensor.Data.Owner is Arena or PooledBuffer { IsReused: true } ? Copy(tensor) : (Tensor)Slot.Share(tensor);

    internal override Tensor KeepOver(Tensor? before, DType dtype, Shape shape, BufferSlice data)
    {
        if (before is not { Data.Owner: PooledBuffer { IsReused: true, IsUnique: true } } || before.DType != dtype || before.Shape != shape)
        {
            if (before is { Data.Owner: PooledBuffer { IsReused: true } old })
                old.Release();
            before = new Tensor(dtype, shape, data.Length == 0 ? default : new BufferSlice(Take(dtype, shape, data.Length, isReused: true), 0, data.Length));
        }

        data.Copy(before.Data);
        return before;
    }

    public override T Derived<TKernel, T>(TKernel kernel, Func<TKernel, KernelContext, T> derive, uint values = 0)
    {
        if (Step.Derived.Find(this, kernel, values) is { } known)
            return (T)known.Value;
        T value = derive(kernel, this);
        Step.Derived.Add(DerivedState.Of(this, kernel, values, value));
        return value;
    }

    public override Tensor[] Call(Callable function, ReadOnlySpan<Tensor> inputs)
    {
        CallResults results = ((FunctionCall)function).Run(inputs, Node, _cancellation);
        _calls.Add(results);
        return results.Tensors;
    }

    public override Tensor[] Call(Callable function, int firstInput)
    {
        _inputs.Clear();
        for (int i = firstInput; i < InputCount; i++)
            _inputs.Add(Input(i));
        return Call(function, CollectionsMarshal.AsSpan(_inputs));
    }

    public override void Release(Tensor[] results)
    {
        for (int i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls[i].Tensors != results)
                continue;
            _calls[i].Release();
            _calls.RemoveAt(i);
            return;
        }

        throw new InvalidOperationException($"these are no results of a call that {Node} made");
    }

    /// <summary>Fills the slots that hold something before the first step.</summary>
    protected virtual void Begin()
    {
        foreach ((int slot, Tensor value) in program.Constants)
            Slots[slot] = Slot.Share(value);
    }

    /// <summary>Empties a slot that is not read any more.</summary>
    protected virtual void Vacate(int slot)
    {
        Slot.Release(Slots[slot]);
        Slots[slot] = null;
    }

    /// <summary>A value as it leaves the run.</summary>
    protected virtual object Result(object value) => value is Tensor { Data.Owner: Arena or PooledBuffer { IsReused: true } } lent ? Copy(lent) : Slot.Share(value);

    /// <summary>The kernel of the step has run.</summary>
    protected virtual void StepEnded()
    {
    }

    protected virtual void RunSteps()
    {
        foreach (Step step in program.Steps)
            RunStep(step);
    }

    /// <summary>
    /// Kernels are chosen by the types that a node's attributes declare. The first input of another type, in a damaged graph; null
    /// when all are as declared, or nothing declares them.
    /// </summary>
    private string? WrongType(Step step)
    {
        IReadOnlyList<DType> declared = OpCatalogue.Find(step.Node.Op.Name)?.InputTypes(step.Node.Attributes) ?? [];
        for (int i = 0; i < Math.Min(declared.Count, step.Inputs.Length); i++)
        {
            if (step.Inputs[i] >= 0 && Slots[step.Inputs[i]] is Tensor value && declared[i] != DType.Invalid && value.DType != declared[i].Deref())
                return $"input {i} is {value}, but the node declares {declared[i].Deref().Name()}";
        }

        return null;
    }

    /// <summary>Gives the output of a step without running it.</summary>
    protected void Skip(Step step, Tensor output)
    {
        Step = step;
        SetOutput(0, output);
        foreach (int slot in step.Dead)
            Vacate(slot);
    }

    protected void RunStep(Step step)
    {
        _cancellation.ThrowIfCancellationRequested();
        Step = step;
        long started = engine.Observer is null ? 0 : Stopwatch.GetTimestamp();
        try
        {
            step.Kernel.Run(this);
            engine.Observer?.Observe(Timing(started));
            StepEnded();
        }
        catch (ModelException e) when (e.Diagnostics is [{ Location: null } only])
        {
            throw new ModelException(only with { Location = step.Node.At() });
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or IndexOutOfRangeException && LargestTensor() is { ElementCount: > int.MaxValue } large)
        {
            throw OpErrors.BadInput.At(Node.At(), $"computes with {large}, expected at most {int.MaxValue} elements in one tensor");
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or IndexOutOfRangeException && WrongType(step) is { } wrong)
        {
            throw OpErrors.BadInput.At(Node.At(), wrong);
        }
        finally
        {
            foreach (Tensor temporary in _temporaries)
                Slot.Release(temporary);
            _temporaries.Clear();
            foreach (CallResults results in _calls)
                results.Release();
            _calls.Clear();
        }

        foreach (int output in step.Outputs)
        {
            if (output >= 0 && Slots[output] is null)
                throw new InvalidOperationException($"the kernel of {step.Node} did not give all of its outputs");
        }

        foreach (int slot in step.Dead)
            Vacate(slot);
    }

    /// <summary>A copy in pooled memory with one reference.</summary>
    protected Tensor Copy(Tensor tensor)
    {
        Tensor copy = NewTensor(tensor.DType, tensor.Shape);
        tensor.Data.Copy(copy.Data);
        return copy;
    }

    protected void Put(int port, object value)
    {
        if (port >= Step.Outputs.Length || Step.Outputs[port] < 0)
        {
            if (value is Tensor unread)
                _temporaries.Add(unread);
            return;
        }

        int slot = Step.Outputs[port];
        Slot.Release(Slots[slot]);
        Slots[slot] = value;
    }

    private StepTiming Timing(long started)
    {
        long ended = Stopwatch.GetTimestamp();
        (long read, long written) = (0, 0);
        var inputs = new Shape[InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (Peek(i) is { } tensor)
                (inputs[i], read) = (tensor.Shape, read + tensor.Data.Length);
            else if (i < Step.UnreadShapes.Length && Step.UnreadShapes[i].HasRank)
                (inputs[i], read) = (Step.UnreadShapes[i], read + Tensor.ByteCount(Node.Inputs[i].Node.Attributes["value"] is TensorAttr { DType: var dtype } && dtype.HasFixedSize() ? dtype : DType.Float32, Step.UnreadShapes[i]));
        }

        foreach (int slot in Step.Outputs)
            written += slot >= 0 && Slots[slot] is Tensor tensor ? tensor.Data.Length : 0;
        long flops = Step.Outputs is [>= 0 and var first, ..] && Slots[first] is Tensor output && engine.Ops.TryGet(Node.Op, out Op? op) && op is ICountsFlops counts
            ? counts.Flops(Node, inputs, output.Shape) : 0;
        return new StepTiming(Node, Step.Fused, engine.Depth, started, ended, read, written, flops);
    }

    private Tensor NewTensor(DType dtype, Shape shape)
    {
        long bytes = Tensor.ByteCount(dtype, shape);
        if (bytes == 0)
            return new Tensor(dtype, shape, default(BufferSlice));
        if (bytes <= SmallTensor)
            return new Tensor(dtype, shape, new BufferSlice(new byte[bytes]));
        if (bytes > engine.LargestTensor)
            TensorLimit.Check(Node, dtype, shape, bytes, engine.LargestTensor, Enumerable.Range(0, InputCount).Select(Peek).OfType<Tensor>());
        return new Tensor(dtype, shape, new BufferSlice(Take(dtype, shape, bytes, isReused: false), 0, bytes));
    }

    private PooledBuffer Take(DType dtype, Shape shape, long bytes, bool isReused)
    {
        try
        {
            return isReused ? PooledBuffer.Reused(bytes) : engine.Buffers.Rent(bytes);
        }
        catch (OutOfMemoryException)
        {
            throw OpErrors.OutOfMemory.At(Node.At(), $"asks for a {dtype.Name()} tensor of shape {shape}: {bytes} bytes, more than this machine can give");
        }
    }

    /// <summary>The largest of the tensors that the step reads and has made so far.</summary>
    private Tensor? LargestTensor() =>
        Step.Inputs.Concat(Step.Outputs).Where(slot => slot >= 0).Select(slot => Slots[slot]).OfType<Tensor>().Concat(_temporaries).MaxBy(t => t.ElementCount);
}
