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
        return new IntegerKernel(align, half);
    }

    /// <summary>The output, and the heights and widths.</summary>
    public static (Tensor Input, Tensor Output, int[] From, int[] To) Sizes(KernelContext context)
    {
        (Shape shape, int[] from, int[] to) = Shapes(context);
        return (context.Input(0), context.Allocate(0, context.Input(0).DType, shape), from, to);
    }

    private static (Shape Output, int[] From, int[] To) Shapes(KernelContext context)
    {
        Tensor input = context.Input(0);
        long[] size = context.Ints(1);
        if (input.Shape.Rank != 4 || size.Length != 2 || size.Any(s => s is < 0 or > 1 << 20) || input.ElementCount == 0)
            throw context.Fail($"resizes {input} to [{string.Join(',', size)}], expected [n,h,w,c] with elements and two sizes");
        return (new Shape(input.Shape[0], size[0], size[1], input.Shape[3]), [(int)input.Shape[1], (int)input.Shape[2]], [(int)size[0], (int)size[1]]);
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

    private sealed class IntegerKernel(bool align, bool half) : Kernel
    {
        public override void Run(KernelContext context)
        {
            Plan plan = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1u << 1);
            Tensor input = context.Input(0), output = context.Allocate(0, input.DType, plan.Output);
            if (output.ElementCount == 0)
                return;
            switch (input.DType)
            {
                case DType.UInt8:
                    Run<byte>(context, input, output, plan);
                    break;
                case DType.Int16:
                    Run<short>(context, input, output, plan);
                    break;
                default:
                    Run<sbyte>(context, input, output, plan);
                    break;
            }
        }

        private static void Run<T>(KernelContext context, Tensor input, Tensor output, Plan plan)
            where T : unmanaged =>
            IntegerResize.Bilinear(input.Span<T>(), context.Writable<T>(output), (int)input.Shape[0], (int)input.Shape[1], (int)input.Shape[2], (int)input.Shape[3], plan.Rows, plan.Columns, context.Pool);

        private Plan Derive(KernelContext context)
        {
            (Shape shape, int[] from, int[] to) = Shapes(context);
            DType type = context.Input(0).DType;
            return new Plan(shape, Neighbours(from[0], to[0], align, half, type), Neighbours(from[1], to[1], align, half, type));
        }

        private sealed record Plan(Shape Output, ResizeNeighbours[] Rows, ResizeNeighbours[] Columns);
    }
}
