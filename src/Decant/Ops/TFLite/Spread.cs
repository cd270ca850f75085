namespace Decant.Ops.TFLite;

/// <summary>
/// Elements moved apart, padded and cut at the edges: element i of a dimension goes to low + i * step, what is outside is left out, and
/// the rest is filled with one value. DILATE and STABLEHLO_PAD are that; reductions by windows begin with it.
/// </summary>
internal static class Spread
{
    /// <summary>More than this no tensor of a mobile model has.</summary>
    private const int MostBytes = 1 << 30;

    /// <summary>DILATE: zeros, or another value, between elements.</summary>
    public static Kernel Dilate(KernelRequest request) => Kernel.Of(context =>
    {
        Shape input = context.Shape(0);
        long[] steps = context.Ints(1);
        if (steps.Length != input.Rank || steps.Any(s => s is < 1 or > int.MaxValue))
            throw context.Fail($"moves {context.Input(0)} apart by [{string.Join(',', steps)}], expected a step of 1 or more for each dimension");
        long[] sizes = new long[input.Rank];
        for (int d = 0; d < sizes.Length; d++)
            sizes[d] = Extent(input[d], steps[d]);
        Fill(context, context.Input(0), context.Input(2), new long[input.Rank], steps, context.Allocate(0, context.Input(0).DType, new Shape(sizes)));
    });

    /// <summary>STABLEHLO_PAD: edges that are padded, or cut where negative, and gaps between elements.</summary>
    public static Kernel Pad(KernelRequest request)
    {
        long[] low = Stablehlo.Longs(request, "edge_padding_low"), high = Stablehlo.Longs(request, "edge_padding_high"), interior = Stablehlo.Longs(request, "interior_padding");
        return Kernel.Of(context =>
        {
            Shape input = context.Shape(0);
            if (low.Length < input.Rank || high.Length < input.Rank || interior.Length < input.Rank || interior.Any(i => i is < 0 or >= int.MaxValue))
                throw context.Fail($"pads {context.Input(0)} by [{string.Join(',', low)}], [{string.Join(',', high)}] and [{string.Join(',', interior)}], expected a number for each dimension");
            long[] sizes = new long[input.Rank];
            for (int d = 0; d < sizes.Length; d++)
                sizes[d] = Extent(input[d], interior[d] + 1) + Bounded(context, low[d]) + Bounded(context, high[d]);
            if (Array.Exists(sizes, s => s <= 0))
                Array.Clear(sizes);
            Tensor output = context.Allocate(0, context.Input(0).DType, new Shape(sizes));
            Fill(context, context.Input(0), context.Input(1), low, [.. interior.Take(input.Rank).Select(i => i + 1)], output);
        });
    }

    /// <summary>How many elements those of a dimension take when they are moved apart.</summary>
    public static long Extent(long size, long step) => size == 0 ? 0 : ((size - 1) * step) + 1;

    /// <summary>An edge, which no sum of sizes can make overflow.</summary>
    public static long Bounded(KernelContext context, long edge) => edge is >= int.MinValue and <= int.MaxValue ? edge : throw context.Fail($"has an edge of {edge} elements");

    /// <summary>Writes a value everywhere and the elements to their places.</summary>
    public static void Fill(KernelContext context, Tensor input, Tensor value, long[] low, long[] steps, Tensor output)
    {
        int size = input.DType.Size();
        if (output.Data.Length > MostBytes)
            throw context.Fail($"makes {output} of {input}, which is more than {MostBytes} bytes");
        if (value.DType != input.DType || value.ElementCount != 1 || size == 0)
            throw context.Fail($"fills {input} with {value}, expected one element of the same type of a fixed size");
        ReadOnlySpan<byte> from = input.Data.Span, filling = value.Data.Span;
        Span<byte> to = output.Data.AsMutable<byte>();
        for (int at = 0; at < to.Length; at += size)
            filling.CopyTo(to[at..]);
        if (output.ElementCount == 0)
            return;
        Shape shape = input.Shape;
        long[] index = new long[shape.Rank];
        for (int i = 0; i < input.ElementCount; i++)
        {
            long at = 0;
            bool isInside = true;
            for (int d = 0; d < index.Length && isInside; d++)
            {
                long place = low[d] + (index[d] * steps[d]);
                isInside = place >= 0 && place < output.Shape[d];
                at = (at * output.Shape[d]) + place;
            }

            if (isInside)
                from.Slice(i * size, size).CopyTo(to[(int)(at * size)..]);
            for (int d = index.Length - 1; d >= 0 && ++index[d] == shape[d]; d--)
                index[d] = 0;
        }
    }
}
