using System.Numerics;
using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Kernels.Conv;

namespace Decant.Ops.NN;

/// <summary>
/// A filter of its own for every channel: input [N, H, W, C] (or NCHW), filter [h, w, C, M] to [N, out.., C·M], channel c·M + m.
/// float16, bfloat16, float32, float64. With <c>fused_ops</c>, what follows on the output.
/// </summary>
internal sealed class DepthwiseConv(string name) : Op(name), IInfersFacts, IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => output.ElementCount * inputs[1][0] * inputs[1][1] * 2;

    public void Infer(InferenceContext context) => context.Set(
        0, context.Input(0).DType, Geometry(WindowRule.Convolution(context.Node, 2), context.Node, context.Shape(0), context.Shape(1)).Output);

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(WindowRule.Convolution(request.Node, 2), FusedEpilogue.Read(request.Node), dtype));
    }

    /// <summary>The geometry of an input and a filter, with -1 for what is not known.</summary>
    internal static WindowGeometry Geometry(WindowRule rule, Node node, Shape input, Shape filter)
    {
        input = Conv.Ranked(node, 0, input, 4);
        filter = Conv.Ranked(node, 1, filter, 4);
        long channels = input[rule.Layout.Channel];
        if (channels >= 0 && filter[2] >= 0 && filter[2] != channels)
            throw OpErrors.BadInput.At(node.At(), $"has an input of {channels} channels and a filter {filter} for {filter[2]}, expected as many");
        channels = Math.Max(channels, filter[2]);
        long outputs = channels < 0 || filter[3] < 0 ? Shape.UnknownDimension : checked(channels * filter[3]);
        return new WindowGeometry(node, rule.Layout, input[0], rule.Along(input, filter.Dims[..2]), channels, outputs);
    }

    private sealed record Code(WindowRule Rule, FusedEpilogue Epilogue, DType DType) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Sizes sizes = context.Derived(Rule, static (rule, c) => Derive(rule, c));
            Tensor output = ChannelsLast.Begin(context, 0, DType, sizes.Output, Rule.Layout);
            Span<T> y = context.Writable<T>(output);
            if (!y.IsEmpty)
                Convolve(context, ChannelsLast.Read<T>(context, 0, Rule.Layout), context.WorkInput(1).Span<T>(), y, sizes.Geometry);
            ChannelsLast.End<T>(context, 0, DType, Rule.Layout, output);
        }

        private static Sizes Derive(WindowRule rule, KernelContext context)
        {
            WindowGeometry geometry = DepthwiseConv.Geometry(rule, context.Node, context.Shape(0), context.Shape(1));
            bool isEmpty = geometry.Output.TryElementCount(out long count) && count == 0;
            return new Sizes(geometry.Output, isEmpty ? default : geometry.Depthwise());
        }

        /// <summary>What follows from the shapes; no geometry when there is nothing to compute.</summary>
        private sealed record Sizes(Shape Output, DepthwiseGeometry Geometry);

        private void Convolve<T>(KernelContext context, ReadOnlySpan<T> x, ReadOnlySpan<T> filter, Span<T> y, in DepthwiseGeometry geometry)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            bool fused = false;
            if (typeof(T) == typeof(float))
            {
                var epilogue = Decant.Kernels.Gemm.Epilogue<float>.None;
                fused = Epilogue.Residual < 0 && Epilogue.Fuse(context, geometry.OutChannels, out epilogue);
                Depthwise.Run(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(filter), MemoryMarshal.Cast<T, float>(y), geometry, epilogue, context.Pool);
            }
            else
            {
                DepthwiseReference.Run(x, filter, y, geometry);
            }

            if (!fused)
                Epilogue.Apply(context, y, geometry.OutChannels);
        }
    }
}
