using Decant.IR;

namespace Decant.Ops;

/// <summary>
/// An op that Decant knows the meaning of. What it can do beyond its name it says by the facets it implements:
/// <see cref="IInfersFacts"/>, <see cref="IHasKernel"/>.
/// </summary>
public abstract class Op(OpName name)
{
    /// <summary>The name by which nodes refer to it.</summary>
    public OpName Name { get; } = name;
}

/// <summary>The facet of ops whose output types and shapes follow from what is known of the inputs.</summary>
public interface IInfersFacts
{
    /// <summary>Sets the facts of the outputs.</summary>
    /// <exception cref="ModelException">The inputs or attributes are not of the form that the op allows.</exception>
    void Infer(InferenceContext context);
}

/// <summary>The facet of ops that can be run.</summary>
public interface IHasKernel
{
    /// <summary>Reads the attributes, chooses and prepares the code that runs the node. Called once per node and session.</summary>
    /// <exception cref="ModelException">An attribute is at fault, or the element types have no kernel.</exception>
    Kernel Prepare(KernelRequest request);
}

/// <summary>The code of one node, ready to run any number of times.</summary>
public abstract class Kernel
{
    /// <summary>Reads the inputs, and allocates and writes every output.</summary>
    public abstract void Run(KernelContext context);

    /// <summary>
    /// Whether output 0 may be written over this input where both have as many bytes: each element of the output is computed
    /// from the element in its place, and nothing of the input is read after that is written.
    /// </summary>
    public virtual bool MayOverwrite(int input) => false;

    /// <summary>
    /// Whether an output that is an input in another shape (not copied) is so for the shapes and the constant inputs alone,
    /// whatever the elements: then the engine need not run the kernel again for the same memory.
    /// </summary>
    public virtual bool GivesViews => false;

    /// <summary>Whether runs read an input; a kernel that made its own form of a constant when it was prepared does not.</summary>
    public virtual bool Reads(int input) => true;

    /// <summary>A kernel without state of its own.</summary>
    public static Kernel Of(Action<KernelContext> run) => new DelegateKernel(run, givesViews: false);

    /// <summary>A kernel that does nothing but give its inputs, in other shapes (<see cref="GivesViews"/>).</summary>
    public static Kernel View(Action<KernelContext> run) => new DelegateKernel(run, givesViews: true);

    private sealed class DelegateKernel(Action<KernelContext> run, bool givesViews) : Kernel
    {
        public override bool GivesViews => givesViews;

        public override void Run(KernelContext context) => run(context);
    }
}
