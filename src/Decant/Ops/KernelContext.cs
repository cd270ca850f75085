using Decant.IR;
using Decant.Kernels.Threading;

namespace Decant.Ops;

/// <summary>
/// One run of one node. Inputs are valid until <see cref="Kernel.Run"/> returns; what a kernel keeps longer (a variable's
/// value, an element of a list) it takes by <see cref="Keep"/>.
/// </summary>
public abstract class KernelContext
{
    /// <summary>The node, for messages.</summary>
    public abstract Node Node { get; }

    /// <summary>The number of data inputs.</summary>
    public abstract int InputCount { get; }

    /// <summary>The threads that kernels share.</summary>
    public abstract WorkerPool Pool { get; }

    /// <summary>What the session keeps between runs: variables, tables, random generators.</summary>
    public abstract ResourceStore Resources { get; }

    /// <summary>Asks the run to stop; long kernels look at it between blocks of work.</summary>
    public abstract CancellationToken Cancellation { get; }

    /// <summary>The value of an input. A TF1 reference is read at this moment.</summary>
    public abstract Tensor Input(int index);

    /// <summary>
    /// The variable that a reference input (TF1) refers to. A value in its place, as freezing leaves it, stands for a variable of
    /// this node alone.
    /// </summary>
    public abstract Variable InputVariable(int index);

    /// <summary>Makes an output, with memory that is not initialized, to be written through <see cref="Writable{T}"/>.</summary>
    /// <exception cref="ModelException">The machine cannot hold it.</exception>
    public abstract Tensor Allocate(int port, DType dtype, Shape shape);

    /// <summary>
    /// A tensor of elements of a fixed size, copied so that it is valid for as long as it is held: in the memory of one that this gave
    /// before, if nobody else reads that any more and it is of the same type and shape.
    /// </summary>
    internal virtual Tensor KeepOver(Tensor? before, DType dtype, Shape shape, BufferSlice data) => Keep(new Tensor(dtype, shape, new BufferSlice(data.ToArray())));

    /// <summary>Makes a tensor for intermediate results that is given back when the kernel returns.</summary>
    public abstract Tensor Scratch(DType dtype, Shape shape);

    /// <summary>Gives an output: an input itself or reshaped (not copied), a kept tensor, strings, handles.</summary>
    public abstract void SetOutput(int port, Tensor tensor);

    /// <summary>Gives an input in another shape, not copied.</summary>
    internal virtual void SetOutput(int port, int input, Shape shape) => SetOutput(port, Input(input).Reshaped(shape));

    /// <summary>Gives a TF1 reference output.</summary>
    public abstract void SetOutput(int port, Variable variable);

    /// <summary>The same tensor, valid for as long as it is held.</summary>
    public abstract Tensor Keep(Tensor tensor);

    /// <summary>Calls a function; the results, and the array of them, are valid as inputs are.</summary>
    public abstract Tensor[] Call(Callable function, ReadOnlySpan<Tensor> inputs);

    /// <summary>Calls a function with the inputs from an index on.</summary>
    public abstract Tensor[] Call(Callable function, int firstInput);

    /// <summary>Gives back the results of a call that are not needed until the kernel returns, as loops do in each iteration.</summary>
    public abstract void Release(Tensor[] results);

    /// <summary>
    /// What a kernel derives from the shapes of the inputs: geometry, output shapes, plans. The engine keeps it for this node
    /// and asks for it again when a shape changes, or an element of an input whose bit is set in <paramref name="values"/>.
    /// </summary>
    /// <param name="kernel">Handed to <paramref name="derive"/>, so that it needs no closure.</param>
    /// <param name="derive">Computes it; from nothing but shapes, constants and the inputs of <paramref name="values"/>.</param>
    /// <param name="values">A bit for each of the first 32 inputs whose elements count too: axes, sizes. Small ones.</param>
    public virtual T Derived<TKernel, T>(TKernel kernel, Func<TKernel, KernelContext, T> derive, uint values = 0)
        where T : class => derive(kernel, this);

    /// <summary>Makes an output of the type of <typeparamref name="T"/> and gives its elements to write.</summary>
    public Span<T> Output<T>(int port, Shape shape)
        where T : unmanaged => Writable<T>(Allocate(port, DTypes.Of<T>(), shape));

    /// <summary>The elements of a tensor that this kernel allocated, to be written.</summary>
    public Span<T> Writable<T>(Tensor allocated)
        where T : unmanaged => allocated.Mutable<T>();

    /// <summary>The elements of an integer input of any width, widened: a shape, axes, sizes.</summary>
    public long[] Ints(int index) => TensorInts.Read(Input(index), Node);

    /// <summary>The single element of an integer input.</summary>
    public long Int(int index) => Input(index) is { ElementCount: 1 } value ? TensorInts.Single(value, Node) : throw Fail($"input {index} is {Input(index)}, expected a single integer");

    /// <summary>The shape of an input.</summary>
    public Shape Shape(int index) => Input(index).Shape;

    /// <summary>A fault of this node with these inputs.</summary>
    public ModelException Fail(string message, string? hint = null) => OpErrors.BadInput.At(Node.At(), message, hint);
}
