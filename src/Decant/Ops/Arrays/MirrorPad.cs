namespace Decant.Ops.Arrays;

/// <summary>
/// Adds mirrored elements before and after each dimension. REFLECT does not repeat the elements at the border, SYMMETRIC
/// does: (1,2,3) padded by 2 is (3,2,1,2,3,2,1) or (2,1,1,2,3,3,2).
/// </summary>
internal sealed class MirrorPad() : Op("MirrorPad"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        context.Set(0, context.Input(0).DType, !shape.HasRank ? shape
            : context.ConstantInts(1) is { } amounts ? Pad.Padded(context.Node, shape, amounts) : Shape.OfRank(shape.Rank));
    }

    public Kernel Prepare(KernelRequest request) => request.Attributes.String("mode").ToUpperInvariant() switch
    {
        "REFLECT" => new Run(border: 1),
        "SYMMETRIC" => new Run(border: 0),
        string mode => throw request.Fail($"mode is '{mode}', expected REFLECT or SYMMETRIC"),
    };

    /// <param name="border">The number of elements at the border that are not repeated.</param>
    private sealed class Run(int border) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Mirror mirror = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1 << 1);
            Span<T> output = elements.Allocate(context, 0, dtype, mirror.Output);
            if (!output.IsEmpty)
                IndexMaps.Copy(elements.Of(context.Input(0)), output, mirror.Maps, mirror.Strides);
        }

        private Mirror Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            long[] paddings = context.Ints(1);
            Shape padded = Pad.Padded(context.Node, shape, paddings);
            for (int i = 0; i < paddings.Length; i++)
            {
                if (paddings[i] > Math.Max(0, shape[i / 2] - border))
                    throw context.Fail($"the padding {paddings[i]} of dimension {i / 2} is too large for shape {shape}");
            }

            bool isEmpty = padded.TryElementCount(out long count) && count == 0;
            if (!isEmpty && (count == 0 || count > int.MaxValue))
                throw OpErrors.OutOfMemory.At(context.Node.At(), $"the output has shape {padded}, more than 2^31 elements");
            int[][] maps = new int[isEmpty ? 0 : shape.Rank][];
            for (int axis = 0; axis < maps.Length; axis++)
                maps[axis] = Sources((int)shape[axis], (int)paddings[2 * axis], (int)padded[axis]);
            return new Mirror(padded, maps, Axes.Strides(shape.Dims));
        }

        /// <summary>The output, the source of each of its indices by axis, and the distances of the source.</summary>
        private sealed record Mirror(Shape Output, int[][] Maps, int[] Strides);

        private int[] Sources(int size, int before, int padded)
        {
            int[] map = new int[padded];
            for (int i = 0; i < padded; i++)
            {
                int from = i - before;
                map[i] = from < 0 ? -from - 1 + border : from >= size ? (2 * size) - 1 - border - from : from;
            }

            return map;
        }
    }
}
