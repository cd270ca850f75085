namespace Decant.Ops.State;

/// <summary>Hands a reference to a variable on; who writes to it writes to the variable.</summary>
internal sealed class RefIdentity() : Op("RefIdentity"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("T"), context.Shape(0));

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context => context.SetOutput(0, context.InputVariable(0)));
}

/// <summary>The reference, of those after the first input, that the index in the first input counts from 0.</summary>
internal sealed class RefSelect() : Op("RefSelect"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.InputCount > 1 ? context.Shape(1) : Shape.Unknown;
        for (int i = 2; i < context.InputCount; i++)
            shape = context.Shape(i) == shape ? shape : Shape.Unknown;
        context.Set(0, context.Attributes.Type("T"), shape);
    }

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        if (context.Ints(0) is not [var index])
            throw context.Fail($"has an index of {context.Input(0)}, expected one element");
        if (index < 0 || index >= context.InputCount - 1)
            throw context.Fail($"has an index of {index}, expected 0 to {context.InputCount - 2}");
        context.SetOutput(0, context.InputVariable((int)index + 1));
    });
}
