using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>The same elements in the shape that input 1 gives; one size may be -1, and follows from the others.</summary>
internal sealed class Reshape() : Op("Reshape"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Fact input = context.Input(0);
        if (context.ConstantInts(1) is not { } sizes)
        {
            context.Set(0, input.DType, context.SizesFrom(1) is { } partly ? new Shape([.. partly.Select(s => Math.Max(s, -1))]) : Shape.Unknown);
            return;
        }

        Free(context.Node, sizes);
        Shape reshaped = input.Shape.TryElementCount(out long count) ? Resolve(context.Node, sizes, count) : new Shape(sizes);
        context.Set(0, input with { Shape = reshaped, Constant = reshaped.IsFullyKnown ? input.Constant?.Reshaped(reshaped) : null });
    }

    public Kernel Prepare(KernelRequest request) => Kernel.View(static context => context.SetOutput(0, 0, context.Derived(
        context.Node, static (node, c) => new DerivedShape(Resolve(node, c.Ints(1), c.Input(0).ElementCount)), values: 1 << 1).Shape));

    /// <summary>The shape for a known number of elements.</summary>
    internal static Shape Resolve(Node node, long[] sizes, long count)
    {
        int free = Free(node, sizes);
        long[] dims = (long[])sizes.Clone();
        if (free >= 0)
        {
            dims[free] = 1;
            long known = new Shape(dims).TryElementCount(out long product) ? product : long.MaxValue;
            if (known == 0 || count % known != 0)
                throw node.Fault($"{count} elements cannot be reshaped to [{string.Join(',', sizes)}]: no size in place of -1 fits");
            dims[free] = count / known;
        }

        var shape = new Shape(dims);
        return shape.TryElementCount(out long found) && found == count ? shape : throw node.Fault($"{count} elements cannot be reshaped to {shape}");
    }

    private static int Free(Node node, long[] sizes)
    {
        int free = -1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] >= 0)
                continue;
            if (sizes[i] != -1 || free >= 0)
                throw node.Fault($"the new shape is [{string.Join(',', sizes)}], expected sizes of at least 0 and at most one -1");
            free = i;
        }

        return free;
    }
}
