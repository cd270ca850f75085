using Decant.Kernels.Quantized;

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
        return Kernel.Of(context =>
        {
            (Tensor input, Tensor output, int[] from, int[] to) = Sizes(context);
            if (output.ElementCount == 0)
                return;
            ResizeNeighbours[] rows = Neighbours(from[0], to[0], align, half, input.DType), columns = Neighbours(from[1], to[1], align, half, input.DType);
            switch (input.DType)
            {
                case DType.UInt8:
                    Run<byte>(context, input, output, rows, columns);
                    break;
                case DType.Int16:
                    Run<short>(context, input, output, rows, columns);
                    break;
                default:
                    Run<sbyte>(context, input, output, rows, columns);
                    break;
            }
        });
    }

    private static void Run<T>(KernelContext context, Tensor input, Tensor output, ResizeNeighbours[] rows, ResizeNeighbours[] columns)
        where T : unmanaged =>
        IntegerResize.Bilinear(input.Span<T>(), context.Writable<T>(output), (int)input.Shape[0], (int)input.Shape[1], (int)input.Shape[2], (int)input.Shape[3], rows, columns, context.Pool);

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

    // uint8 is resized in float, and rounded half up.
    private static ResizeNeighbours[] Neighbours(int from, int to, bool align, bool half, DType type)
    {
        var neighbours = new ResizeNeighbours[to];
        int scale = Scale(from, to, align);
        for (int o = 0; o < to; o++)
            neighbours[o] = type == DType.UInt8 ? Real(At(o, from, to, align, half), from) : Fixed(half ? (o * scale) + (scale / 2) - (One / 2) : o * scale, from);
        return neighbours;
    }

    private static ResizeNeighbours Fixed(int position, int size)
    {
        int lower = Math.Clamp(position / One, 0, size - 1);
        return new ResizeNeighbours(lower, Math.Clamp((position + One - 1) / One, 0, size - 1), position - (One * lower), 0);
    }

    private static ResizeNeighbours Real(float position, int size)
    {
        float lower = Math.Clamp(MathF.Floor(position), 0, size - 1);
        return new ResizeNeighbours((int)lower, (int)Math.Clamp(MathF.Ceiling(position), 0, size - 1), 0, position - lower);
    }

    private static float At(int o, int from, int to, bool align, bool half)
    {
        float scale = align && to > 1 ? (float)(from - 1) / (to - 1) : (float)from / to;
        return half ? ((o + 0.5f) * scale) - 0.5f : o * scale;
    }
}
