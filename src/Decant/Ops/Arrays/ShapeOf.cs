using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>The shape of each input, as a vector of <c>out_type</c>.</summary>
internal sealed class ShapeOf(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        DType dtype = context.Attributes.Type("out_type");
        for (int i = 0; i < context.InputCount; i++)
        {
            Shape shape = context.Shape(i);
            context.Set(i, shape.IsFullyKnown ? Fact.Of(SizeTensor.Vector(context.Node, dtype, shape.Dims)) : new Fact(dtype, new Shape(shape.Rank)));
        }
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("out_type");
        return Kernel.Of(context =>
        {
            for (int i = 0; i < context.InputCount; i++)
                SizeTensor.SetOutput(context, i, dtype, context.Shape(i).Dims);
        });
    }
}

/// <summary>The number of elements of the input.</summary>
internal sealed class Size() : Op("Size"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        DType dtype = context.Attributes.Type("out_type");
        context.Set(0, context.Shape(0).TryElementCount(out long count) ? Fact.Of(SizeTensor.Scalar(context.Node, dtype, count)) : new Fact(dtype, Decant.Shape.Scalar));
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("out_type");
        return Kernel.Of(context => context.SetOutput(0, SizeTensor.Scalar(context.Node, dtype, context.Input(0).ElementCount)));
    }
}

/// <summary>The number of dimensions of the input, int32.</summary>
internal sealed class Rank() : Op("Rank"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) =>
        context.Set(0, context.Shape(0).HasRank ? Fact.Of(Tensor.Scalar(context.Shape(0).Rank)) : new Fact(DType.Int32, Decant.Shape.Scalar));

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context => context.SetOutput(0, Tensor.Scalar(context.Shape(0).Rank)));
}
