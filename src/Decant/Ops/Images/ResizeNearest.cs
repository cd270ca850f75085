using Decant.Kernels.Resize;

namespace Decant.Ops.Images;

/// <summary>Resizes images [N, H, W, C] of any type by the nearest pixel.</summary>
internal sealed class ResizeNearest() : Op("ResizeNearestNeighbor"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(0).DType, ImageShape.Infer(context, 1));

    public Kernel Prepare(KernelRequest request) => request.ElementType() switch
    {
        DType.Float32 => Kernel.Of(Run<float>),
        DType.Float64 => Kernel.Of(Run<double>),
        DType.Float16 => Kernel.Of(Run<Half>),
        DType.BFloat16 => Kernel.Of(Run<BFloat16>),
        DType.UInt8 => Kernel.Of(Run<byte>),
        DType.Int8 => Kernel.Of(Run<sbyte>),
        DType.UInt16 => Kernel.Of(Run<ushort>),
        DType.Int16 => Kernel.Of(Run<short>),
        DType.Int32 => Kernel.Of(Run<int>),
        DType.Int64 => Kernel.Of(Run<long>),
        DType other => throw request.NoKernel($"for {other.Name()}"),
    };

    private static void Run<T>(KernelContext context)
        where T : unmanaged
    {
        (ResizeGeometry geometry, Shape output) = ImageShape.Resizing(context, 1);
        Span<T> y = context.Output<T>(0, output);
        Kernels.Resize.ResizeNearest.Run(context.Input(0).Span<T>(), y, geometry, context.Pool);
    }
}
