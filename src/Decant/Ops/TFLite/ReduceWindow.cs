using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>REDUCE_WINDOW and STABLEHLO_REDUCE_WINDOW: windows of an input that was moved apart and padded, each reduced to one element.</summary>
internal static class ReduceWindow
{
    private const int Dilations = 4;
    private const long MostElements = 1 << 27;

    /// <summary>REDUCE_WINDOW: the window, its strides and dilations are inputs, the function an option.</summary>
    public static Kernel Prepare(KernelRequest request)
    {
        string function = request.Attributes.Find("reduce_function") is StringAttr name ? name.Text : "UNSUPPORTED";
        Combination combination = Combination.Of(request, 0, function);
        return Kernel.Of(context =>
        {
            int rank = context.Shape(0).Rank;
            long[] ones = [.. Enumerable.Repeat(1L, rank)];
            Run(context, new Windows(context.Ints(2), context.Ints(3), ones, context.Ints(Dilations), new long[2 * rank]), combination);
        });
    }

    /// <summary>STABLEHLO_REDUCE_WINDOW: the function is the operator that a subgraph consists of.</summary>
    public static Kernel PrepareStablehlo(KernelRequest request)
    {
        var windows = new Windows(
            Stablehlo.Longs(request, "window_dimensions"), Stablehlo.Longs(request, "window_strides"), Stablehlo.Longs(request, "base_dilations"),
            Stablehlo.Longs(request, "window_dilations"), Stablehlo.Longs(request, "padding"));
        Combination combination = Combination.OfSubgraph(request, 0, "body_subgraph_index");
        return Kernel.Of(context => Run(context, windows, combination));
    }

    // All windows are reduced at once: in each step, one element of every window is combined with what there is of it. Functions of
    // elements give the same so.
    private static void Run(KernelContext context, Windows windows, Combination combination)
    {
        Tensor input = context.Input(0), initial = context.Input(1);
        int rank = input.Shape.Rank;
        windows.Check(context, rank);
        long[] padded = new long[rank], low = new long[rank], output = new long[rank];
        for (int d = 0; d < rank; d++)
        {
            low[d] = windows.Padding[2 * d];
            padded[d] = Math.Max(0, Spread.Extent(input.Shape[d], windows.BaseDilations[d]) + low[d] + windows.Padding[(2 * d) + 1]);
            long extent = Spread.Extent(windows.Sizes[d], windows.Dilations[d]);
            output[d] = padded[d] < extent ? 0 : ((padded[d] - extent) / windows.Strides[d]) + 1;
        }

        if (!new Shape(padded).TryElementCount(out long elements) || elements > MostElements || !new Shape(output).TryElementCount(out elements) || elements > MostElements)
            throw context.Fail($"pads {input} to [{string.Join(',', padded)}], which is more than {MostElements} elements");
        Tensor whole = context.Scratch(input.DType, new Shape(padded));
        Spread.Fill(context, input, initial, low, windows.BaseDilations, whole);
        Tensor result = context.Scratch(input.DType, new Shape(output));
        Spread.Fill(context, new Tensor(input.DType, new Shape([.. Enumerable.Repeat(0L, rank)]), default(BufferSlice)), initial, low, windows.BaseDilations, result);
        if (result.ElementCount > 0)
        {
            long[] offset = new long[rank];
            do
            {
                context.Cancellation.ThrowIfCancellationRequested();
                Tensor next = context.Scratch(input.DType, result.Shape);
                Gather(whole, next, offset, windows);
                result = combination.Apply(context, result, next);
            }
            while (Next(offset, windows.Sizes));
        }

        Tensor given = context.Allocate(0, result.DType, new Shape(output));
        result.Data.Span.CopyTo(given.Data.AsMutable<byte>());
    }

    private static bool Next(long[] index, long[] sizes)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            if (++index[d] < sizes[d])
                return true;
            index[d] = 0;
        }

        return false;
    }

    private static void Gather(Tensor from, Tensor to, long[] offset, Windows windows)
    {
        int size = from.DType.Size(), rank = from.Shape.Rank;
        ReadOnlySpan<byte> source = from.Data.Span;
        Span<byte> target = to.Data.AsMutable<byte>();
        long[] index = new long[rank];
        for (int i = 0; i < to.ElementCount; i++)
        {
            long at = 0;
            for (int d = 0; d < rank; d++)
                at = (at * from.Shape[d]) + (index[d] * windows.Strides[d]) + (offset[d] * windows.Dilations[d]);
            source.Slice((int)at * size, size).CopyTo(target[(i * size)..]);
            Next(index, to.Shape.Dims.ToArray());
        }
    }

    private sealed record Windows(long[] Sizes, long[] Strides, long[] BaseDilations, long[] Dilations, long[] Padding)
    {
        public void Check(KernelContext context, int rank)
        {
            bool areSizes = new[] { Sizes, Strides, BaseDilations, Dilations }.All(s => s.Length == rank && s.All(v => v is > 0 and <= int.MaxValue));
            if (!areSizes || Padding.Length != 2 * rank || Padding.Any(p => p is < int.MinValue or > int.MaxValue))
                throw context.Fail($"reduces {context.Input(0)} by windows of [{string.Join(',', Sizes)}], expected {rank} sizes, strides and dilations that are positive");
        }
    }
}
