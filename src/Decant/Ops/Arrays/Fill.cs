namespace Decant.Ops.Arrays;

/// <summary>A tensor of the shape that input 0 gives, every element of which is the scalar of input 1.</summary>
internal sealed class Fill() : Op("Fill"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(1).DType, context.ShapeFrom(0));

    public Kernel Prepare(KernelRequest request) => new Run();

    private sealed class Run() : MoveKernel(input: 1)
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            ReadOnlySpan<T> value = elements.Of(context.Input(1));
            if (value.Length != 1)
                throw context.Fail($"the value is {context.Input(1)}, expected a scalar");
            elements.Allocate(context, 0, dtype, context.DerivedSizes(0)).Fill(value[0]);
        }
    }
}
