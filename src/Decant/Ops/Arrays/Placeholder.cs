namespace Decant.Ops.Arrays;

/// <summary>A value that every run must be given. <c>_Arg</c> is one of a function's body as a graph of its own.</summary>
/// <param name="name">The op's name.</param>
/// <param name="type">The attribute that says the type.</param>
internal sealed class Placeholder(string name, string type = "dtype") : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) =>
        context.Set(0, context.Attributes.Type(type), context.Attributes.Has("shape") ? context.Attributes.Shape("shape") : Shape.Unknown);

    public Kernel Prepare(KernelRequest request) =>
        Kernel.Of(static context => throw context.Fail("was not fed", $"give it a value: --input {context.Node.Name}=FILE.npy"));
}
