using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Decant.Passes.Optimize;

/// <summary>Elements of floating-point constants in float64, in which they are computed with before they are rounded once.</summary>
internal static class FloatElements
{
    /// <summary>The elements of a float32 or float64 tensor; null for other types.</summary>
    public static double[]? Read(Tensor tensor)
    {
        switch (tensor.DType)
        {
            case DType.Float64:
                return tensor.Span<double>().ToArray();
            case DType.Float32:
                ReadOnlySpan<float> narrow = tensor.Span<float>();
                double[] wide = new double[narrow.Length];
                for (int i = 0; i < wide.Length; i++)
                    wide[i] = narrow[i];
                return wide;
            default:
                return null;
        }
    }

    /// <summary>Hands the elements of a float32 or float64 tensor to <paramref name="visit"/> in pieces, in order.</summary>
    public static void Visit(Tensor tensor, Action<ReadOnlySpan<double>> visit)
    {
        double[] wide = [];
        tensor.Data.Visit(bytes =>
        {
            if (tensor.DType == DType.Float64)
            {
                visit(MemoryMarshal.Cast<byte, double>(bytes));
                return;
            }

            ReadOnlySpan<float> narrow = MemoryMarshal.Cast<byte, float>(bytes);
            if (wide.Length < narrow.Length)
                wide = new double[narrow.Length];
            TensorPrimitives.ConvertTruncating(narrow, wide.AsSpan(0, narrow.Length));
            visit(wide.AsSpan(0, narrow.Length));
        });
    }

    /// <summary>A tensor of these elements; null when one of them is not finite in the type.</summary>
    public static Tensor? Make(double[] elements, DType dtype, Shape shape)
    {
        if (dtype == DType.Float64)
            return Array.TrueForAll(elements, double.IsFinite) ? Tensor.Wrap(elements, shape) : null;
        float[] narrow = new float[elements.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = (float)elements[i];
            if (!float.IsFinite(narrow[i]))
                return null;
        }

        return Tensor.Wrap(narrow, shape);
    }
}
