namespace Decant.Ops.Arrays;

/// <summary>TensorFlow.js's <c>Zeros</c> and <c>Ones</c>: a tensor of attribute <c>T</c> and the shape of input 0.</summary>
internal sealed class ZerosOnes(string name, int value) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("T"), context.ShapeFrom(0));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("T");
        return new NumberFill(value, context => (dtype, context.DerivedSizes(0)));
    }
}
