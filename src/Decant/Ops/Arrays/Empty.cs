namespace Decant.Ops.Arrays;

/// <summary>
/// A tensor of attribute <c>dtype</c> and the shape of input 0. TensorFlow leaves its elements undefined unless <c>init</c>
/// is set; here they are always zero.
/// </summary>
internal sealed class Empty() : Op("Empty"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), context.ShapeFrom(0));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        return new NumberFill(0, context => (dtype, context.DerivedSizes(0)));
    }
}
