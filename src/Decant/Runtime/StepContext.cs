using System.Diagnostics;
using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>The engine's side of a running kernel. One object serves all steps of a run, one after another.</summary>
internal sealed class StepContext(Engine engine, object?[] slots, CancellationToken cancellation) : KernelContext
{
    /// <summary>Tensors this small are left to the garbage collector.</summary>
    private const int SmallTensor = 512;

    private readonly List<Tensor> _temporaries = [];
    private Program.Step _step = null!;

    public override Node Node => _step.Node;

    public override int InputCount => _step.Inputs.Length;

    public override WorkerPool Pool => engine.Pool;

    public override ResourceStore Resources => engine.Resources;

    public override CancellationToken Cancellation => cancellation;

    public void Run(Program.Step step)
    {
        _step = step;
        long started = engine.Observer is null ? 0 : Stopwatch.GetTimestamp();
        try
        {
            step.Kernel.Run(this);
            engine.Observer?.Observe(Timing(started));
        }
        catch (ModelException e) when (e.Diagnostics is [{ Location: null } only])
        {
            throw new ModelException(only with { Location = step.Node.At() });
        }
        finally
        {
            foreach (Tensor temporary in _temporaries)
                Slot.Release(temporary);
            _temporaries.Clear();
        }

        foreach (int output in step.Outputs)
        {
            if (output >= 0 && slots[output] is null)
                throw new InvalidOperationException($"the kernel of {step.Node} did not give all of its outputs");
        }

        foreach (int slot in step.Dead)
        {
            Slot.Release(slots[slot]);
            slots[slot] = null;
        }
    }

    public override Tensor Input(int index)
    {
        if ((uint)index >= (uint)_step.Inputs.Length || _step.Inputs[index] < 0)
            throw Fail($"has {_step.Inputs.Length} inputs, expected an input {index}");
        return slots[_step.Inputs[index]] switch
        {
            Tensor tensor => tensor,
            Variable variable => variable.Value ?? throw Fail($"reads the variable '{variable.Name}' before it has a value", "open the checkpoint with the graph, or run the model's initializer"),
            _ => throw new InvalidOperationException($"input {index} of {Node} has no value"),
        };
    }

    public override Variable InputVariable(int index)
    {
        if ((uint)index < (uint)_step.Inputs.Length && _step.Inputs[index] >= 0 && slots[_step.Inputs[index]] is Variable variable)
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

    public override Tensor Keep(Tensor tensor) => (Tensor)Slot.Share(tensor);

    public override Tensor[] Call(Callable function, ReadOnlySpan<Tensor> inputs)
    {
        object[] results = engine.Run(((FunctionCall)function).Program, inputs.ToArray(), cancellation);
        Tensor[] tensors = new Tensor[results.Length];
        for (int i = 0; i < results.Length; i++)
        {
            tensors[i] = results[i] as Tensor ?? throw Fail($"the function '{function.Name}' gives a reference to a variable, expected a value");
            _temporaries.Add(tensors[i]);
        }

        return tensors;
    }

    public override void Release(Tensor result)
    {
        int at = _temporaries.LastIndexOf(result);
        if (at < 0)
            throw new InvalidOperationException($"{result} is no result of a call that {Node} made");
        _temporaries.RemoveAt(at);
        Slot.Release(result);
    }

    private StepTiming Timing(long started)
    {
        long ended = Stopwatch.GetTimestamp();
        (long read, long written) = (0, 0);
        var inputs = new Shape[InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (_step.Inputs[i] >= 0 && slots[_step.Inputs[i]] is Tensor tensor)
                (inputs[i], read) = (tensor.Shape, read + tensor.Data.Length);
        }

        foreach (int slot in _step.Outputs)
            written += slot >= 0 && slots[slot] is Tensor tensor ? tensor.Data.Length : 0;
        long flops = _step.Outputs is [>= 0 and var first, ..] && slots[first] is Tensor output && engine.Ops.TryGet(Node.Op, out Op? op) && op is ICountsFlops counts
            ? counts.Flops(Node, inputs, output.Shape) : 0;
        return new StepTiming(Node, _step.Fused, engine.CallDepth, started, ended, read, written, flops);
    }

    private Tensor NewTensor(DType dtype, Shape shape)
    {
        long bytes = Tensor.ByteCount(dtype, shape);
        if (bytes == 0)
            return new Tensor(dtype, shape, default(BufferSlice));
        if (bytes <= SmallTensor)
            return new Tensor(dtype, shape, new BufferSlice(new byte[bytes]));
        try
        {
            return new Tensor(dtype, shape, new BufferSlice(engine.Buffers.Rent(bytes), 0, bytes));
        }
        catch (OutOfMemoryException)
        {
            throw OpErrors.OutOfMemory.At(Node.At(), $"asks for a {dtype.Name()} tensor of shape {shape}: {bytes} bytes, more than this machine can give");
        }
    }

    private void Put(int port, object value)
    {
        if (port >= _step.Outputs.Length || _step.Outputs[port] < 0)
        {
            if (value is Tensor unread)
                _temporaries.Add(unread);
            return;
        }

        int slot = _step.Outputs[port];
        Slot.Release(slots[slot]);
        slots[slot] = value;
    }
}
