using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Operators that give their input in another shape.</summary>
internal static class Views
{
    /// <summary>RESHAPE: the shape is the second input, or, in old models, the option; one size may be -1.</summary>
    public static Kernel Reshape(KernelRequest request)
    {
        long[]? option = request.Attributes.Find("new_shape") is ListAttr { Ints: var sizes } ? [.. sizes] : null;
        bool hasInput = request.HasInput(1);
        var wanted = new WantedShape(option, hasInput);
        return Kernel.View(context => context.SetOutput(0, 0, context.Derived(wanted, static (wanted, c) => new DerivedShape(Reshaped(c, wanted)), hasInput ? 1u << 1 : 0).Shape));
    }

    public static Kernel ExpandDims(KernelRequest request) =>
        Kernel.View(static context => context.SetOutput(0, 0, context.Derived(context.Node, static (_, c) => new DerivedShape(Expanded(c)), 1 << 1).Shape));

    public static Kernel Squeeze(KernelRequest request)
    {
        long[] axes = request.Attributes.Find("squeeze_dims") is ListAttr { Ints: var ints } ? [.. ints] : [];
        return Kernel.View(context => context.SetOutput(0, 0, context.Derived(axes, static (axes, c) => new DerivedShape(Squeezed(c, axes))).Shape));
    }

    private static Shape Reshaped(KernelContext context, WantedShape shapes)
    {
        Tensor input = context.Input(0);
        long[] wanted = shapes.HasInput && context.Input(1).DType == DType.Int32 && context.Shape(1).Rank == 1 ? context.Ints(1) : [.. shapes.Option ?? []];

        // Models of the first converters write [0] for a scalar.
        if (wanted is [0] && input.ElementCount == 1 && shapes.Option is not null)
            wanted = [];
        long known = 1, knownNonZero = 1;
        int open = -1;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == -1 && open < 0)
                open = i;
            else if (wanted[i] < 0 || (wanted[i] > 0 && known > long.MaxValue / wanted[i]))
                throw context.Fail($"asks for the shape [{string.Join(',', wanted)}], expected sizes of which one may be -1");
            else
                (known, knownNonZero) = (known * wanted[i], knownNonZero * Math.Max(1, wanted[i]));
        }

        // Sizes of 0 on both sides are left out when the open one is looked for.
        if (open >= 0)
            wanted[open] = input.ElementCount == 0 && known != 0 ? 0 : input.Shape.Dims.ToArray().Where(d => d != 0).Aggregate(1L, (a, d) => a * d) / knownNonZero;
        var shape = new Shape(wanted);
        return shape.TryElementCount(out long count) && count == input.ElementCount ? shape : throw context.Fail($"makes {input} into {shape}, expected as many elements");
    }

    private static Shape Expanded(KernelContext context)
    {
        Shape shape = context.Shape(0);
        long axis = context.Int(1);
        if (axis < 0)
            axis += shape.Rank + 1;
        if (axis < 0 || axis > shape.Rank)
            throw context.Fail($"has the axis {axis} for the shape {shape}");
        return new Shape([.. shape.Dims[..(int)axis], 1, .. shape.Dims[(int)axis..]]);
    }

    private static Shape Squeezed(KernelContext context, long[] axes)
    {
        Shape shape = context.Shape(0);
        HashSet<long> removed = [.. axes.Select(a => a < 0 ? a + shape.Rank : a)];
        var kept = new List<long>();
        for (int i = 0; i < shape.Rank; i++)
        {
            bool remove = axes.Length == 0 ? shape[i] == 1 : removed.Contains(i);
            if (remove && shape[i] != 1)
                throw context.Fail($"removes dimension {i} of the shape {shape}, expected the size 1");
            if (!remove)
                kept.Add(shape[i]);
        }

        return new Shape([.. kept]);
    }

    /// <summary>Where RESHAPE finds the shape.</summary>
    private sealed record WantedShape(long[]? Option, bool HasInput);
}
