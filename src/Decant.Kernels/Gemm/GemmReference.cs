using System.Numerics;

namespace Decant.Kernels.Gemm;

/// <summary>The definition of the matrix product, and the kernel of every element type but float32.</summary>
public static class GemmReference
{
    /// <summary>C = activation(A·B + bias + residual); accumulates over k in ascending order in <typeparamref name="T"/>.</summary>
    public static void Run<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, in GemmShape shape, in Epilogue<T> epilogue = default)
        where T : unmanaged, INumberBase<T>
    {
        (int m, int k, int n, _, _) = shape;
        Guard.Length(a, (long)m * k);
        Guard.Length(b, (long)k * n);
        Guard.Length(c, (long)m * n);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < k; p++)
                    sum += a[shape.TransposeA ? (p * m) + i : (i * k) + p] * b[shape.TransposeB ? (j * k) + p : (p * n) + j];
                c[(i * n) + j] = Finish(sum, j, (i * n) + j, epilogue);
            }
        }
    }

    private static T Finish<T>(T sum, int column, int at, in Epilogue<T> epilogue)
        where T : INumberBase<T>
    {
        if (!epilogue.Bias.IsEmpty)
            sum += epilogue.Bias[column];
        if (!epilogue.Residual.IsEmpty)
            sum += epilogue.Residual[at];
        return Activate(sum, epilogue.Activation);
    }

    internal static T Activate<T>(T x, Activation activation)
        where T : INumberBase<T> => activation switch
        {
            Activation.Relu => IsBelow(x, T.Zero) ? T.Zero : x,
            Activation.Relu6 => IsBelow(x, T.Zero) ? T.Zero : IsBelow(T.CreateTruncating(6), x) ? T.CreateTruncating(6) : x,
            Activation.ReluN1To1 => IsBelow(x, -T.One) ? -T.One : IsBelow(T.One, x) ? T.One : x,
            _ => x,
        };

    private static bool IsBelow<T>(T a, T b)
        where T : INumberBase<T>
    {
        T difference = a - b;
        return T.IsNegative(difference) && !T.IsZero(difference) && !T.IsNaN(difference);
    }
}
