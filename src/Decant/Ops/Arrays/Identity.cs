namespace Decant.Ops.Arrays;

/// <summary>Hands its inputs on.</summary>
internal sealed class Identity(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        for (int i = 0; i < context.InputCount; i++)
            context.Set(i, context.Input(i));
    }

    public Kernel Prepare(KernelRequest request) => Kernel.View(static context =>
    {
        for (int i = 0; i < context.InputCount; i++)
            context.SetOutput(i, context.Input(i));
    });
}
