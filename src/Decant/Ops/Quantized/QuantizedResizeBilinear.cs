using Decant.Kernels.Resize;
using Decant.Ops.Images;

namespace Decant.Ops.Quantized;

/// <summary>
/// Bilinear interpolation of quint8 or qint32 images [N, H, W, C] in TensorFlow's fixed-point arithmetic, whose weights have 7 and 30 bits. The range
/// stays that of the input.
/// </summary>
internal sealed class QuantizedResizeBilinear() : QuantizedOp("QuantizedResizeBilinear")
{
    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("T", DType.QUInt8, DType.QInt32);
        return Kernel.Of(context => Run(context, dtype));
    }

    protected override Shape OutputShape(InferenceContext context) => ImageShape.Infer(context, 1);

    private static void Run(KernelContext context, DType dtype)
    {
        Shape images = ImageShape.Ranked(context.Node, context.Shape(0));
        (int height, int width) = ImageShape.Size(context, 1);
        ResizeGeometry geometry = ImageShape.Geometry(context, images, height, width);
        int bits = dtype == DType.QUInt8 ? 7 : 30;
        Tap[] rows = Taps(geometry.InHeight, height, geometry, bits), columns = Taps(geometry.InWidth, width, geometry, bits);
        ReadOnlySpan<int> x = context.Integers(0);
        var shape = new Shape(images[0], height, width, images[3]);
        Span<int> y = context.Integers(shape);
        (int channels, int row, int to) = ((int)images[3], (int)(images[2] * images[3]), 0);
        for (int n = 0; n < images[0]; n++)
        {
            ReadOnlySpan<int> image = x.Slice(n * row * (int)images[1], row * (int)images[1]);
            foreach (Tap v in rows)
            {
                ReadOnlySpan<int> lower = image.Slice(v.Lower * row, row), upper = image.Slice(v.Upper * row, row);
                foreach (Tap h in columns)
                {
                    (int left, int right) = (h.Lower * channels, h.Upper * channels);
                    for (int c = 0; c < channels; c++)
                    {
                        long top = Between(lower[left + c], lower[right + c], h.Weight, bits), bottom = Between(upper[left + c], upper[right + c], h.Weight, bits);
                        y[to++] = (int)((top + ((bottom - top) / (1L << bits) * v.Weight) + (1L << (bits - 1))) / (1L << bits));
                    }
                }
            }
        }

        context.Store(0, dtype, shape, y);
        context.Give(context.Range(2));
    }

    private static long Between(int from, int to, int weight, int bits) => ((long)from << bits) + (((long)to - from) * weight);

    private static Tap[] Taps(int input, int output, ResizeGeometry geometry, int bits)
    {
        var taps = new Tap[output];
        float scale = geometry.AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;
        for (int i = 0; i < output; i++)
        {
            float at = geometry.HalfPixelCenters ? ((i + 0.5f) * scale) - 0.5f : i * scale, floor = MathF.Floor(at);
            int upper = Math.Min((int)MathF.Ceiling(at), input - 1);
            taps[i] = new Tap(Math.Min(Math.Max((int)floor, 0), upper), upper, (int)((at - floor) * (1 << bits)));
        }

        return taps;
    }

    /// <summary>The two inputs along a dimension, and how far from the lower one, in parts of 2^bits.</summary>
    private readonly record struct Tap(int Lower, int Upper, int Weight);
}
