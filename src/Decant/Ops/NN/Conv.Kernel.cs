using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;
using Decant.Kernels.Gemm;

namespace Decant.Ops.NN;

internal sealed partial class Conv
{
    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        WindowRule rule = WindowRule.Convolution(request.Node, spatialRank);
        FusedEpilogue epilogue = FusedEpilogue.Read(request.Node);
        if (epilogue.Residual >= 0 && rule.Layout.ChannelsFirst)
            throw request.NoKernel("for fused_ops with Add and channels first");
        return dtype.WorkType() switch
        {
            DType.Float32 => new FloatKernel(rule, epilogue, dtype, new Weights(request, 1)),
            DType.Float64 => Kernel.Of(context => Run<double>(context, rule, epilogue.Apply)),
            DType.Int32 when epilogue.IsEmpty => Kernel.Of(context => Run<int>(context, rule, null)),
            _ => throw request.NoKernel($"for {dtype.Name()}"),
        };
    }

    private static void Run<T>(KernelContext context, WindowRule rule, FusedEpilogue.Code<T>? epilogue)
        where T : unmanaged, INumberBase<T>
    {
        WindowGeometry geometry = Geometry(rule, context.Node, context.Shape(0), context.Shape(1));
        Tensor output = ChannelsLast.Begin(context, 0, DTypes.Of<T>(), geometry.Output, rule.Layout);
        Span<T> y = context.Writable<T>(output);
        if (!y.IsEmpty)
            Correlate(context, ChannelsLast.Read<T>(context, 0, rule.Layout), context.Input(1).Span<T>(), y, geometry.Convolution(Groups(context)));
        epilogue?.Invoke(context, y, (int)geometry.OutChannels);
        ChannelsLast.End<T>(context, 0, DTypes.Of<T>(), rule.Layout, output);
    }

    /// <summary>Runs a convolution, channels last, on the kernel of the element type.</summary>
    internal static void Correlate<T>(KernelContext context, ReadOnlySpan<T> x, ReadOnlySpan<T> filter, Span<T> y, in ConvGeometry geometry)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(float))
            Convolution.Run(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(filter), MemoryMarshal.Cast<T, float>(y), geometry, default, context.Pool);
        else
            ConvolutionReference.Run(x, filter, y, geometry);
    }

    private static long Groups(KernelContext context) =>
        context.Shape(0)[Layout.Read(context.Node, context.Shape(0).Rank - 2).Channel] / context.Shape(1)[-2];

    /// <summary>Computes in float32; a constant filter is packed in the first run, for the number of groups that its input showed.</summary>
    private sealed class FloatKernel(WindowRule rule, FusedEpilogue epilogue, DType dtype, Weights weights) : Kernel
    {
        private (int Groups, ConvFilter Filter)? _packed;

        public override bool Reads(int input) => input != 1 || !weights.IsConstant;

        public override bool MayOverwrite(int input) => input == epilogue.Residual && dtype == DType.Float32;

        public override void Run(KernelContext context)
        {
            Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            if (sizes.Broadcast is { } broadcast)
            {
                Add(context, sizes, broadcast);
                return;
            }

            Tensor output = ChannelsLast.Begin(context, 0, dtype, sizes.Output, rule.Layout);
            Span<float> y = context.Writable<float>(output);
            if (!y.IsEmpty)
            {
                bool fused = epilogue.Fuse(context, sizes.Geometry.OutChannels, out Epilogue<float> fusedEpilogue, takesSlopes: true);
                Convolve(context, sizes.Geometry, y, fusedEpilogue);
                if (!fused)
                    epilogue.Apply(context, y, sizes.Geometry.OutChannels);
            }

            ChannelsLast.End<float>(context, 0, dtype, rule.Layout, output);
        }

        /// <summary>A residual of another shape: what is added broadcasts, so it is added to the whole.</summary>
        private void Add(KernelContext context, Sizes sizes, BroadcastPlan broadcast)
        {
            Span<float> product = context.Writable<float>(context.Scratch(DType.Float32, sizes.Output));
            if (!epilogue.Fuse(context, sizes.Geometry.OutChannels, out Epilogue<float> fused, takesSlopes: true))
                throw context.Fail($"input {epilogue.Residual} has shape {context.Shape(epilogue.Residual)}, expected {sizes.Output}");
            Convolve(context, sizes.Geometry, product, new Epilogue<float>(fused.Bias));
            Tensor output = context.BeginOutput(0, dtype, sizes.Sum);
            Span<float> y = context.Writable<float>(output);
            Binary.Run(product, fused.Residual, y, broadcast, default(AddOperator<float>), context.Pool);
            EpilogueTail.Apply(y, fused, context.Pool);
            context.EndOutput(0, dtype, output);
        }

        private void Convolve(KernelContext context, in ConvGeometry geometry, Span<float> y, in Epilogue<float> fused)
        {
            ReadOnlySpan<float> x = ChannelsLast.Read<float>(context, 0, rule.Layout);
            if (weights.IsFixed)
                Convolution.Run(x, Packed(context, geometry), y, geometry, fused, context.Pool);
            else if (weights.Once is not null && geometry.IsProduct && fused is { Slopes.IsEmpty: true, Scale.IsEmpty: true, Swish.Factor: 0 })
                Multiply(context, x, new GemmShape((int)geometry.OutputPixels, geometry.InChannels, geometry.OutChannels), y, fused);
            else
                Convolution.Run(x, context.WorkInput(1).Span<float>(), y, geometry, fused, context.Pool);
        }

        private static void Multiply(KernelContext context, ReadOnlySpan<float> x, in GemmShape shape, Span<float> y, in Epilogue<float> fused)
        {
            Tensor filter = context.WorkInput(1);
            if (WeightBlocks.AreStreamed(filter))
                WeightBlocks.Sum(context, x, filter, y, shape, fused);
            else
                FloatGemm.Run(x, filter.Span<float>(), y, shape, fused, context.Pool);
        }

        private float[] Plain()
        {
            Tensor filter = weights.Again();
            if (filter.DType == DType.Float32)
                return filter.Span<float>().ToArray();
            float[] wide = new float[filter.ElementCount];
            WideElements.Widen(filter, Tensor.Wrap(wide, filter.Shape), WorkerPool.Inline);
            return wide;
        }

        private Sizes Derive(KernelContext context)
        {
            Shape filter = weights.Shape ?? context.Shape(1);
            WindowGeometry geometry = Geometry(rule, context.Node, context.Shape(0), filter);
            bool isEmpty = geometry.Output.TryElementCount(out long count) && count == 0;
            Shape residual = epilogue.Residual < 0 ? geometry.Output : context.Shape(epilogue.Residual), sum = Broadcasting.Of(context, geometry.Output, residual);
            return new Sizes(geometry.Output, isEmpty ? default : geometry.Convolution(context.Shape(0)[rule.Layout.Channel] / filter[-2]), sum)
            {
                Broadcast = residual != geometry.Output && !isEmpty ? BroadcastPlan.Create(geometry.Output.Dims, residual.Dims) : null,
            };
        }

        private ConvFilter Packed(KernelContext context, in ConvGeometry geometry)
        {
            if (_packed is not { } packed || packed.Groups != geometry.Groups || weights.HaveChanged(context))
            {
                if (!weights.IsConstant)
                    _packed?.Filter.Dispose();
                _packed = packed = (geometry.Groups, Pack(context, geometry));
            }

            return packed.Filter;
        }

        private ConvFilter Pack(KernelContext context, ConvGeometry geometry) =>
            weights.Packed(context, ConvFilter.FormFor(geometry), filter => ConvFilter.Pack(context.Float32(filter).Span<float>(), geometry, Plain), static filter => filter.Bytes);

        /// <summary>What follows from the shapes; no geometry when there is nothing to compute.</summary>
        private sealed record Sizes(Shape Output, ConvGeometry Geometry, Shape Sum)
        {
            /// <summary>How the result and a residual of another shape are added.</summary>
            public BroadcastPlan? Broadcast { get; init; }
        }
    }
}
