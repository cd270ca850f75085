using System.Numerics;

namespace Decant.Ops.TFLite;

/// <summary>Kernels on pairs of elements of two inputs that broadcast.</summary>
internal static class Pairs
{
    /// <summary>Maps pairs of floats.</summary>
    public static Kernel Floats(KernelRequest request, Func<float, float, float> function) => ElementKernels.Choose(request, request.InputType(0), d => d != DType.Float32 ? null : Kernel.Of(context =>
    {
        Tensor a = context.Input(0), b = context.Input(1);
        Shape shape = Broadcasting.Of(context, a.Shape, b.Shape);
        Map(a.Span<float>(), a.Shape, b.Span<float>(), b.Shape, context.Output<float>(0, shape), shape, function);
    }));

    /// <summary>Maps pairs of integers; results are cut to the bounds, or to the type of the output.</summary>
    public static Kernel Integers(KernelRequest request, Func<int, int, int> function, (int Min, int Max)? bounds = null)
    {
        DType to = request.OutputType();
        (int min, int max) = bounds ?? Quantizing.Range(to);
        return Kernel.Of(context =>
        {
            Tensor a = context.Input(0), b = context.Input(1);
            Shape shape = Broadcasting.Of(context, a.Shape, b.Shape);
            Tensor output = context.Allocate(0, to, shape);
            Span<int> wide = context.Writable<int>(context.Scratch(DType.Int32, shape));
            Map(TFLite.Integers.Wide(context, a), a.Shape, TFLite.Integers.Wide(context, b), b.Shape, wide, shape, (x, y) => Math.Clamp(function(x, y), min, max));
            TFLite.Integers.Narrow(wide, output);
        });
    }

    /// <summary>Compares pairs of integers.</summary>
    public static Kernel Compare(KernelRequest request, Func<int, int, bool> function) => Kernel.Of(context =>
    {
        Tensor a = context.Input(0), b = context.Input(1);
        Shape shape = Broadcasting.Of(context, a.Shape, b.Shape);
        Map(TFLite.Integers.Wide(context, a), a.Shape, TFLite.Integers.Wide(context, b), b.Shape, context.Output<bool>(0, shape), shape, function);
    });

    /// <summary>Maps pairs of two inputs that broadcast to a shape.</summary>
    public static void Map<T, TResult>(ReadOnlySpan<T> a, Shape aShape, ReadOnlySpan<T> b, Shape bShape, Span<TResult> y, Shape shape, Func<T, T, TResult> function)
    {
        if (a.Length == y.Length && b.Length == y.Length)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = function(a[i], b[i]);
            return;
        }

        long[] aSteps = Steps(aShape, shape.Rank), bSteps = Steps(bShape, shape.Rank), index = new long[shape.Rank];
        long ia = 0, ib = 0;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = function(a[(int)ia], b[(int)ib]);
            for (int d = shape.Rank - 1; d >= 0; d--)
            {
                ia += aSteps[d];
                ib += bSteps[d];
                if (++index[d] < shape[d])
                    break;
                ia -= aSteps[d] * shape[d];
                ib -= bSteps[d] * shape[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>How far an input moves when an index of the result grows by one; 0 where it is broadcast.</summary>
    private static long[] Steps(Shape shape, int rank)
    {
        long[] steps = new long[rank];
        long step = 1;
        for (int i = 1; i <= shape.Rank; i++)
        {
            steps[^i] = shape[-i] == 1 ? 0 : step;
            step *= shape[-i];
        }

        return steps;
    }
}
