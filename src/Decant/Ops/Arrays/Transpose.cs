using System.Numerics;
using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Dimension i of the result is dimension <c>perm[i]</c> of the input; <c>ConjugateTranspose</c> conjugates complex elements too.</summary>
internal sealed class Transpose(string name, bool conjugate) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        DType dtype = context.Input(0).DType;
        if (context.ConstantInts(1) is not { } perm)
            context.Set(0, dtype, shape.HasRank ? Shape.OfRank(shape.Rank) : context.Shape(1) is { Rank: 1 } p && p[0] is >= 0 and < 255 ? Shape.OfRank((int)p[0]) : Shape.Unknown);
        else if (!shape.HasRank)
            context.Set(0, dtype, Shape.OfRank(Checked(context.Node, perm, perm.Length).Length));
        else
            context.Set(0, dtype, Permuted(shape, Checked(context.Node, perm, shape.Rank)));
    }

    public Kernel Prepare(KernelRequest request) => new Run(conjugate);

    private static int[] Checked(Node node, long[] perm, int rank)
    {
        int[] axes = new int[perm.Length];
        bool[] seen = new bool[rank];
        if (perm.Length != rank)
            throw node.Fault($"the permutation has {perm.Length} elements, expected {rank}");
        for (int i = 0; i < perm.Length; i++)
        {
            axes[i] = Axes.Normalize(node, perm[i], rank);
            if (seen[axes[i]])
                throw node.Fault($"[{string.Join(',', perm)}] is no permutation of {rank} axes");
            seen[axes[i]] = true;
        }

        return axes;
    }

    private static Shape Permuted(Shape shape, int[] axes) => new([.. axes.Select(a => shape[a])]);

    private sealed class Run(bool conjugate) : MoveKernel
    {
        public override bool GivesViews => true;

        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            BoxMove move = context.Derived(this, static (_, c) => Derive(c), values: 1 << 1);
            bool conjugates = conjugate && dtype.IsComplex();
            if (move.IsInput && !conjugates)
            {
                context.SetOutput(0, context.Input(0).Reshaped(move.Output));
            }
            else if (!conjugates)
            {
                Span<T> output = elements.Allocate(context, 0, dtype, move.Output);
                elements.Copy(context, move.Box, elements.Of(context.Input(0)), 0, output, 0);
            }
            else if (dtype == DType.Complex64)
            {
                Span<Complex64> conjugated = context.Output<Complex64>(0, move.Output);
                move.Box.Copy(context.Input(0).Span<Complex64>(), 0, conjugated, 0);
                foreach (ref Complex64 c in conjugated)
                    c = new Complex64(c.Real, -c.Imaginary);
            }
            else
            {
                Span<Complex> conjugated = context.Output<Complex>(0, move.Output);
                move.Box.Copy(context.Input(0).Span<Complex>(), 0, conjugated, 0);
                foreach (ref Complex c in conjugated)
                    c = Complex.Conjugate(c);
            }
        }

        private static BoxMove Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            int[] axes = Checked(context.Node, context.Ints(1), shape.Rank);
            Shape permuted = Permuted(shape, axes);
            int[] strides = Axes.Strides(shape.Dims);
            return new BoxMove(permuted, new Window(permuted.Dims, [.. axes.Select(a => strides[a])], Axes.Strides(permuted.Dims)), 0, 0, IsReshape(shape, axes));
        }

        // The order of the elements stays when only dimensions of 1 move.
        private static bool IsReshape(Shape shape, int[] axes)
        {
            int last = -1;
            foreach (int axis in axes)
            {
                if (shape[axis] == 1)
                    continue;
                if (axis < last)
                    return false;
                last = axis;
            }

            return true;
        }
    }
}
