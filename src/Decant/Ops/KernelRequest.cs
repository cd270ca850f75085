using Decant.IR;

namespace Decant.Ops;

/// <summary>A node for which a kernel is asked.</summary>
public abstract class KernelRequest(Node node)
{
    /// <summary>The node.</summary>
    public Node Node { get; } = node;

    /// <summary>Its attributes.</summary>
    public NodeAttributes Attributes => new(Node);

    /// <summary>The number of data inputs.</summary>
    public int InputCount => Node.Inputs.Count;

    /// <summary>The number of outputs that something reads: the highest port plus one.</summary>
    public abstract int UsedOutputs { get; }

    /// <summary>The value of an input that is the same in every run (weights), or null.</summary>
    public abstract Tensor? Constant(int input);

    /// <summary>
    /// Reads a constant input whenever it is asked, or is null for others: for a kernel that packs weights and does not hold
    /// on to what it packed.
    /// </summary>
    public abstract Func<Tensor>? ConstantSource(int input);

    /// <summary>What the program's kernels hold of its constants.</summary>
    internal virtual ConstantForms Forms { get; } = new(constant => constant);

    /// <summary>Whether an input is the value of a variable: the same tensor object as long as nothing is assigned.</summary>
    public abstract bool IsVariable(int input);

    /// <summary>Whether the kernel runs a single time, so that nothing pays which is made for later runs.</summary>
    internal virtual bool RunsOnce => false;

    /// <summary>The element type of an input as far as it is known statically.</summary>
    public abstract DType InputType(int input);

    /// <summary>A function that the node calls, ready to be called by <see cref="KernelContext.Call(Callable, int)"/>.</summary>
    public abstract Callable Function(FunctionAttr function);

    /// <summary>Says that no kernel fits, with the reason.</summary>
    public ModelException NoKernel(string reason) => OpErrors.NoKernel.At(Node.At(), $"op {Node.Op} has no kernel {reason}");

    /// <summary>A fault of this node.</summary>
    public ModelException Fail(string message, string? hint = null) => OpErrors.BadInput.At(Node.At(), message, hint);
}

/// <summary>A function that kernels can call.</summary>
public abstract class Callable
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>The number of arguments.</summary>
    public abstract int ArgCount { get; }

    /// <summary>The number of results.</summary>
    public abstract int ResultCount { get; }

    /// <summary>The function itself, for kernels that only look at what it is.</summary>
    public abstract Function Definition { get; }
}
