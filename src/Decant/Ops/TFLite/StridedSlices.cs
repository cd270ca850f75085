using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>STRIDED_SLICE; with the option <c>offset</c> the ends are counted from the beginnings.</summary>
internal static class StridedSlices
{
    public static Kernel Prepare(KernelRequest request)
    {
        Translation translation = new Translation(request, "StridedSlice").In(0, 1, 2, 3).Type("T", 0).Type("Index", 1);
        foreach (string mask in (string[])["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"])
            translation.Set(mask, request.Attributes.Int(mask));
        Kernel slice = translation.Prepare();

        // A dimension that one element is taken of, with its beginning left open, begins at 0 all the same.
        long open = request.Attributes.Int("begin_mask") & request.Attributes.Int("shrink_axis_mask");
        if (open != 0)
        {
            Kernel inner = slice;
            slice = Kernel.Of(context => inner.Run(new Open(context, open)));
        }

        return request.Attributes.Bool("offset") ? Kernel.Of(context => slice.Run(new Offset(context))) : slice;
    }

    private sealed class Open(KernelContext inner, long mask) : ContextWrapper(inner)
    {
        public override Tensor Input(int index) => index == 1 ? Tensor.Wrap([.. Inner.Ints(1).Select((begin, i) => (mask >> i & 1) != 0 ? 0 : (int)begin)]) : Inner.Input(index);
    }

    private sealed class Offset(KernelContext inner) : ContextWrapper(inner)
    {
        public override Tensor Input(int index)
        {
            if (index != 2)
                return Inner.Input(index);
            long[] begin = Inner.Ints(1), length = Inner.Ints(2);
            int[] end = new int[length.Length];
            for (int i = 0; i < end.Length && i < begin.Length; i++)
                end[i] = (int)(begin[i] + length[i]);
            return Tensor.Wrap(end);
        }
    }
}
