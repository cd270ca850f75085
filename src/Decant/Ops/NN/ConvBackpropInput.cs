using System.Numerics;
using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Kernels.Conv;
using Decant.Ops.Arrays;

namespace Decant.Ops.NN;

/// <summary>
/// The gradient of a convolution in its input, used as the transposed convolution: sizes of the result (all of them or the spatial
/// ones; the input itself in <c>Conv3DBackpropInput</c>), filter [spatial.., C / groups, K] and out_backprop [N, out.., K] give
/// [N, spatial.., C].
/// </summary>
internal sealed class ConvBackpropInput(string name, int spatialRank, bool takesInput = false) : Op(name), IInfersFacts, IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => Macs.Flops(node, inputs, output);

    public void Infer(InferenceContext context)
    {
        WindowRule rule = WindowRule.Convolution(context.Node, spatialRank);
        Shape sizes = takesInput ? context.Shape(0)
            : context.SizesFrom(0) is { } given ? Sizes(context.Node, rule.Layout, given, context.Shape(1), context.Shape(2), mayBeOpen: context.Constant(0) is null)
            : Shape.OfRank(rule.Layout.Rank);
        WindowGeometry geometry = Geometry(rule, context.Node, sizes, context.Shape(1), context.Shape(2));
        Shape gradient = Conv.Ranked(context.Node, 2, context.Shape(2), rule.Layout.Rank);
        context.Set(0, context.Input(2).DType, geometry.Batch < 0 ? (geometry with { Batch = gradient[0] }).Input : geometry.Input);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(WindowRule.Convolution(request.Node, spatialRank), dtype, takesInput));
    }

    private static WindowGeometry Geometry(WindowRule rule, Node node, Shape input, Shape filter, Shape gradient)
    {
        WindowGeometry geometry = Conv.Geometry(rule, node, input, filter);
        return geometry.Output.IsCompatibleWith(gradient) ? geometry
            : throw OpErrors.BadInput.At(node.At(), $"has out_backprop of shape {gradient}, expected {geometry.Output} for an input {input} and a filter {filter}");
    }

    private static Shape Sizes(Node node, Layout layout, long[] sizes, Shape filter, Shape gradient, bool mayBeOpen = false)
    {
        if (!mayBeOpen && sizes.Any(s => s < 0))
            throw OpErrors.BadInput.At(node.At(), $"has input_sizes [{string.Join(',', sizes)}], expected none below 0");
        if (sizes.Length == layout.Rank)
            return new Shape(sizes);
        if (sizes.Length == layout.SpatialRank)
            return layout.Shape(Conv.Ranked(node, 2, gradient, layout.Rank)[0], sizes, Conv.Ranked(node, 1, filter, layout.Rank)[-2]);
        throw OpErrors.BadInput.At(node.At(), $"has {sizes.Length} input_sizes, expected {layout.Rank} or {layout.SpatialRank}");
    }

    private sealed record Code(WindowRule Rule, DType DType, bool TakesInput) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Sized sized = context.Derived(this, static (code, c) => code.Derive(c), values: TakesInput ? 0 : 1u << 0);
            Tensor output = ChannelsLast.Begin(context, 0, DType, sized.Output, Rule.Layout);
            Span<T> dx = context.Writable<T>(output);
            if (sized.IsEmpty)
                dx.Clear();
            else
                Convolve(context, ChannelsLast.Read<T>(context, 2, Rule.Layout), context.WorkInput(1).Span<T>(), dx, sized.Geometry);
            ChannelsLast.End<T>(context, 0, DType, Rule.Layout, output);
        }

        private Sized Derive(KernelContext context)
        {
            (Shape filter, Shape gradient) = (context.Shape(1), context.Shape(2));
            Shape sizes = TakesInput ? context.Shape(0) : Sizes(context.Node, Rule.Layout, context.Ints(0), filter, gradient);
            WindowGeometry geometry = Geometry(Rule, context.Node, sizes, filter, gradient);
            bool isEmpty = geometry.Input.ElementCount == 0 || gradient.ElementCount == 0;
            return new Sized(geometry.Input, isEmpty, isEmpty ? default : geometry.Convolution(geometry.InChannels / filter[-2]));
        }

        /// <summary>What follows from the sizes; no geometry when there is nothing to compute.</summary>
        private sealed record Sized(Shape Output, bool IsEmpty, ConvGeometry Geometry);

        private static void Convolve<T>(KernelContext context, ReadOnlySpan<T> dy, ReadOnlySpan<T> filter, Span<T> dx, in ConvGeometry geometry)
            where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float))
                ConvolutionBackpropInput.Run(MemoryMarshal.Cast<T, float>(dy), MemoryMarshal.Cast<T, float>(filter), MemoryMarshal.Cast<T, float>(dx), geometry, default, context.Pool);
            else
                ConvolutionReference.BackpropInput(dy, filter, dx, geometry);
        }
    }
}
