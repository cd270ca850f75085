namespace Decant.Ops.TFLite;

/// <summary>RESIZE_BILINEAR: TensorFlow's kernel for floats, fixed point with 10 bits for integers.</summary>
internal static class ResizeBilinear
{
    private const int One = 1 << 10;

    public static Kernel Prepare(KernelRequest request)
    {
        bool align = request.Attributes.Bool("align_corners"), half = request.Attributes.Bool("half_pixel_centers");
        if (request.InputType(0) is DType.Float32 or DType.Float16)
            return new Translation(request, "ResizeBilinear").In(0, 1).Type("T", 0).Set("align_corners", align).Set("half_pixel_centers", half).Prepare();
        bool isFloat = request.InputType(0) == DType.UInt8;
        return Kernel.Of(context =>
        {
            (Tensor input, Tensor output, int[] from, int[] to) = Sizes(context);
            if (output.ElementCount == 0)
                return;
            int[] x = Integers.Wide(context, input).ToArray();
            int scaleY = Scale(from[0], to[0], align), scaleX = Scale(from[1], to[1], align), channels = (int)input.Shape[3];
            for (int n = 0, at = 0; n < input.Shape[0]; n++)
            {
                for (int oy = 0; oy < to[0]; oy++)
                {
                    (int py, int y0, int y1) = isFloat ? Floats(oy, from[0], to[0], align, half) : Position(oy, scaleY, from[0], half);
                    for (int ox = 0; ox < to[1]; ox++)
                    {
                        (int px, int x0, int x1) = isFloat ? Floats(ox, from[1], to[1], align, half) : Position(ox, scaleX, from[1], half);
                        for (int c = 0; c < channels; c++)
                        {
                            int Pixel(int iy, int ix) => x[((((n * from[0]) + iy) * from[1]) + ix) * channels + c];
                            if (isFloat)
                            {
                                Integers.Store(output, at++, Blend(Pixel(y0, x0), Pixel(y0, x1), Pixel(y1, x0), Pixel(y1, x1), oy, ox, from, to, align, half));
                                continue;
                            }

                            long fy = py - (One * y0), fx = px - (One * x0);
                            long sum = ((One - fy) * (((One - fx) * Pixel(y0, x0)) + (fx * Pixel(y0, x1)))) + (fy * (((One - fx) * Pixel(y1, x0)) + (fx * Pixel(y1, x1))));
                            long round = sum > 0 ? 1 << 19 : -(1 << 19);
                            Integers.Store(output, at++, (int)((sum + round) / (1 << 20)));
                        }
                    }
                }
            }
        });
    }

    /// <summary>The output, and the heights and widths.</summary>
    public static (Tensor Input, Tensor Output, int[] From, int[] To) Sizes(KernelContext context)
    {
        Tensor input = context.Input(0);
        long[] size = context.Ints(1);
        if (input.Shape.Rank != 4 || size.Length != 2 || size.Any(s => s is < 0 or > 1 << 20) || input.ElementCount == 0)
            throw context.Fail($"resizes {input} to [{string.Join(',', size)}], expected [n,h,w,c] with elements and two sizes");
        Tensor output = context.Allocate(0, input.DType, new Shape(input.Shape[0], size[0], size[1], input.Shape[3]));
        return (input, output, [(int)input.Shape[1], (int)input.Shape[2]], [(int)size[0], (int)size[1]]);
    }

    private static int Scale(int from, int to, bool align) =>
        align && to > 1 ? ((One * (from - 1)) + ((to - 1) / 2)) / (to - 1) : ((One * from) + (to / 2)) / to;

    private static (int Position, int Lower, int Upper) Position(int o, int scale, int size, bool half)
    {
        int position = half ? (o * scale) + (scale / 2) - (One / 2) : o * scale;
        return (position, Math.Max(position / One, 0), Math.Min((position + One - 1) / One, size - 1));
    }

    private static (int, int Lower, int Upper) Floats(int o, int from, int to, bool align, bool half)
    {
        float position = At(o, from, to, align, half);
        return (0, (int)Math.Max(MathF.Floor(position), 0), (int)Math.Min(MathF.Ceiling(position), from - 1));
    }

    private static float At(int o, int from, int to, bool align, bool half)
    {
        float scale = align && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        return half ? ((o + 0.5f) * scale) - 0.5f : o * scale;
    }

    // uint8 is resized in float, and rounded half up.
    private static int Blend(int a, int b, int c, int d, int oy, int ox, int[] from, int[] to, bool align, bool half)
    {
        float Fraction(int o, int f, int t)
        {
            float position = At(o, f, t, align, half);
            return position - Math.Max(MathF.Floor(position), 0);
        }

        float fy = Fraction(oy, from[0], to[0]), fx = Fraction(ox, from[1], to[1]);
        return (int)((a * (1 - fy) * (1 - fx)) + (c * fy * (1 - fx)) + (b * (1 - fy) * fx) + (d * fy * fx) + 0.5f);
    }
}
