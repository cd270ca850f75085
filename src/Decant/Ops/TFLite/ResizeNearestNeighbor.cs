namespace Decant.Ops.TFLite;

/// <summary>RESIZE_NEAREST_NEIGHBOR: any elements, copied.</summary>
internal static class ResizeNearestNeighbor
{
    public static Kernel Prepare(KernelRequest request)
    {
        bool align = request.Attributes.Bool("align_corners"), half = request.Attributes.Bool("half_pixel_centers");
        return Kernel.Of(context =>
        {
            (Tensor input, Tensor output, int[] from, int[] to) = ResizeBilinear.Sizes(context);
            int pixel = (int)input.Shape[3] * input.DType.Size();
            ReadOnlySpan<byte> x = input.Data.Span;
            Span<byte> y = output.Data.AsMutable<byte>();
            int[] columns = [.. Enumerable.Range(0, to[1]).Select(o => Nearest(o, from[1], to[1], align, half))];
            for (int n = 0, at = 0; n < input.Shape[0]; n++)
            {
                for (int oy = 0; oy < to[0]; oy++)
                {
                    int iy = Nearest(oy, from[0], to[0], align, half);
                    foreach (int ix in columns)
                    {
                        x.Slice(((((n * from[0]) + iy) * from[1]) + ix) * pixel, pixel).CopyTo(y[at..]);
                        at += pixel;
                    }
                }
            }
        });
    }

    private static int Nearest(int o, int from, int to, bool align, bool half)
    {
        float scale = align && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
        float position = (o + (half ? 0.5f : 0)) * scale;
        int nearest = Math.Min(align ? (int)MathF.Round(position, MidpointRounding.AwayFromZero) : (int)MathF.Floor(position), from - 1);
        return half ? Math.Max(nearest, 0) : nearest;
    }
}
