using Decant.IR;

namespace Decant.Ops.NN;

/// <summary>
/// Convolution of input [N, spatial.., C] (or NC..) with filter [spatial.., C / groups, K] to [N, out.., K], K divisible by the
/// number of groups. float16, bfloat16, float32, float64; int32 (2-D). With <c>fused_ops</c>, what follows on the output.
/// </summary>
internal sealed partial class Conv(string name, int spatialRank) : Op(name), IInfersFacts, IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => output.ElementCount * (inputs[1].ElementCount / Math.Max(1, inputs[1][-1])) * 2;

    public void Infer(InferenceContext context)
    {
        WindowGeometry geometry = Geometry(WindowRule.Convolution(context.Node, spatialRank), context.Node, context.Shape(0), context.Shape(1));
        int residual = FusedEpilogue.Read(context.Node).Residual;
        context.Set(0, context.Input(0).DType, residual < 0 ? geometry.Output : Broadcasting.Of(context, geometry.Output, context.Shape(residual)));
    }

    /// <summary>The geometry of an input and a filter, with -1 for what is not known.</summary>
    internal static WindowGeometry Geometry(WindowRule rule, Node node, Shape input, Shape filter)
    {
        Layout layout = rule.Layout;
        input = Ranked(node, 0, input, layout.Rank);
        filter = Ranked(node, 1, filter, layout.Rank);
        (long channels, long perGroup, long outputs) = (input[layout.Channel], filter[-2], filter[-1]);
        if (channels >= 0 && perGroup >= 0 && (perGroup == 0 || channels == 0 || channels % perGroup != 0))
            throw OpErrors.BadInput.At(node.At(), $"has an input of {channels} channels and a filter {filter} for {perGroup}, expected a multiple, not 0");
        if (channels > 0 && perGroup > 0 && outputs >= 0 && outputs % (channels / perGroup) != 0)
            throw OpErrors.BadInput.At(node.At(), $"has {outputs} filters for {channels / perGroup} groups, expected a multiple");
        return new WindowGeometry(node, layout, input[0], rule.Along(input, filter.Dims[..layout.SpatialRank]), channels, outputs);
    }

    /// <summary>The groups that the channels of images are convolved in, each by filters of its own; 1 where that is not known.</summary>
    /// <param name="images">[N, H, W, C], or with the channels at <paramref name="channel"/>.</param>
    /// <param name="filter">[h, w, C / groups, K].</param>
    /// <param name="channel">The dimension of the channels.</param>
    internal static long Groups(Shape images, Shape filter, int channel = 3) =>
        images is { HasRank: true, Rank: 4 } && filter is { HasRank: true, Rank: 4 } && images[channel] > 0 && filter[2] > 0 ? images[channel] / filter[2] : 1;

    /// <summary>The shape, which must have this rank.</summary>
    internal static Shape Ranked(Node node, int index, Shape shape, int rank) =>
        !shape.HasRank ? Shape.OfRank(rank)
            : shape.Rank == rank ? shape
            : throw OpErrors.BadInput.At(node.At(), $"input {index} has shape {shape}, expected rank {rank}");
}
