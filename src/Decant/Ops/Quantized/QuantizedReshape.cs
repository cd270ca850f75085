using Decant.Ops.Arrays;

namespace Decant.Ops.Quantized;

/// <summary>The same elements in another shape, with the same range.</summary>
internal sealed class QuantizedReshape() : QuantizedOp("QuantizedReshape")
{
    public override Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        Tensor input = context.Input(0);
        context.SetOutput(0, input.Reshaped(Reshape.Resolve(context.Node, context.Ints(1), input.ElementCount)));
        context.Give(context.Range(2));
    });

    protected override Shape OutputShape(InferenceContext context) =>
        context.ConstantInts(1) is not { } sizes ? Shape.Unknown
            : context.Shape(0).TryElementCount(out long count) ? Reshape.Resolve(context.Node, sizes, count)
            : new Shape(Array.ConvertAll(sizes, s => Math.Max(s, Shape.UnknownDimension)));
}
