using System.Numerics;
using Decant.Kernels.Resize;

namespace Decant.Ops.Images;

/// <summary>Resizes images [N, H, W, C] of any real type to float32 by averaging areas, bicubic or bilinear interpolation.</summary>
internal sealed class Resize(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.Float32, ImageShape.Infer(context, 1));

    public Kernel Prepare(KernelRequest request) => NumberKernel.Of(request, request.ElementType(), new Code(Name.Name));

    private sealed record Code(string Name) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            (ResizeGeometry geometry, Shape output) = ImageShape.Resizing(context, 1);
            Span<float> y = context.Output<float>(0, output);
            ReadOnlySpan<T> x = context.WorkInput(0).Span<T>();
            switch (Name)
            {
                case "ResizeArea":
                    Kernels.Resize.ResizeArea.Run(x, y, geometry, context.Pool);
                    break;
                case "ResizeBicubic":
                    Kernels.Resize.ResizeBicubic.Run(x, y, geometry, context.Pool);
                    break;
                default:
                    Kernels.Resize.ResizeBilinear.Run(x, y, geometry, context.Pool);
                    break;
            }
        }
    }
}
