using Decant.Ops.Catalogue;

namespace Decant.Ops.Quantized;

/// <summary>
/// An op on quantized tensors: each comes with its range, two float32 numbers, and so does the result, whose range is outputs 1 and 2.
/// </summary>
internal abstract class QuantizedOp(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        int count = OpCatalogue.Find(Name.Name)!.Inputs.Count(i => i.NumberAttr is null);
        if (context.InputCount < count)
            throw context.Fail($"has {context.InputCount} inputs, expected {count}");
        IReadOnlyList<DType> types = OpCatalogue.Find(Name.Name)!.OutputTypes(context.Node.Attributes);
        context.Set(0, types.Count > 0 ? types[0] : DType.Invalid, OutputShape(context));
        for (int port = 1; port < types.Count; port++)
            context.Set(port, DType.Float32, RangeShape(context));
    }

    public abstract Kernel Prepare(KernelRequest request);

    /// <summary>The shape of output 0, as far as it is known.</summary>
    protected abstract Shape OutputShape(InferenceContext context);

    /// <summary>The shape of the range.</summary>
    protected virtual Shape RangeShape(InferenceContext context) => Shape.Scalar;
}
