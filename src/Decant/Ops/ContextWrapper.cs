using Decant.IR;
using Decant.Kernels.Threading;

namespace Decant.Ops;

/// <summary>A context that changes some of what another gives to a kernel.</summary>
internal abstract class ContextWrapper(KernelContext inner) : KernelContext
{
    /// <summary>The context that is wrapped.</summary>
    protected KernelContext Inner { get; } = inner;

    /// <summary>Whether a context is the one that is wrapped.</summary>
    public bool Wraps(KernelContext context) => ReferenceEquals(context, Inner);

    public override Node Node => Inner.Node;

    public override int InputCount => Inner.InputCount;

    public override WorkerPool Pool => Inner.Pool;

    public override ResourceStore Resources => Inner.Resources;

    public override CancellationToken Cancellation => Inner.Cancellation;

    public override Tensor Input(int index) => Inner.Input(index);

    public override Variable InputVariable(int index) => Inner.InputVariable(index);

    public override Tensor Allocate(int port, DType dtype, Shape shape) => Inner.Allocate(port, dtype, shape);

    public override Tensor Scratch(DType dtype, Shape shape) => Inner.Scratch(dtype, shape);

    public override void SetOutput(int port, Tensor tensor) => Inner.SetOutput(port, tensor);

    public override void SetOutput(int port, Variable variable) => Inner.SetOutput(port, variable);

    public override Tensor Keep(Tensor tensor) => Inner.Keep(tensor);

    internal override Tensor KeepOver(Tensor? before, DType dtype, Shape shape, BufferSlice data) => Inner.KeepOver(before, dtype, shape, data);

    public override void Release(Tensor[] results) => Inner.Release(results);

    public override Tensor[] Call(Callable function, ReadOnlySpan<Tensor> inputs) => Inner.Call(function, inputs);

    public override Tensor[] Call(Callable function, int firstInput) => Inner.Call(function, firstInput);
}
