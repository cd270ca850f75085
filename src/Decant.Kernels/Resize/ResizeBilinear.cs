using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Resize;

/// <summary>Bilinear interpolation to float32 of any real input type.</summary>
public static unsafe class ResizeBilinear
{
    /// <summary>y = top + (bottom - top)·fy of rows interpolated by fx, all in float32.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<float> y, in ResizeGeometry geometry, WorkerPool pool)
        where T : unmanaged, INumberBase<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        if (geometry.OutputCount == 0)
            return;
        Axis[] columns = new Axis[geometry.OutWidth];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = At(i, geometry.ScaleX, geometry.InWidth, geometry);
        fixed (T* px = x)
        fixed (float* py = y)
        fixed (Axis* pc = columns)
            pool.For(geometry.Batch * geometry.OutHeight, 1 + (8192 / Math.Max(1, geometry.OutWidth * geometry.Channels)), new Job<T>(px, py, pc, geometry));
    }

    /// <summary>dx = the gradient of <see cref="Run{T}"/>: each dy spread over the four pixels it was made of.</summary>
    public static void Gradient(ReadOnlySpan<float> dy, Span<float> dx, in ResizeGeometry geometry)
    {
        Guard.Length(dx, geometry.InputCount);
        Guard.Length(dy, geometry.OutputCount);
        dx[..(int)geometry.InputCount].Clear();
        int c = geometry.Channels;
        for (int row = 0; row < geometry.Batch * geometry.OutHeight; row++)
        {
            int n = row / geometry.OutHeight;
            Axis v = At(row % geometry.OutHeight, geometry.ScaleY, geometry.InHeight, geometry);
            for (int ox = 0; ox < geometry.OutWidth; ox++)
            {
                Axis h = At(ox, geometry.ScaleX, geometry.InWidth, geometry);
                int top = (n * geometry.InHeight) + v.Low, bottom = (n * geometry.InHeight) + v.High;
                for (int i = 0; i < c; i++)
                {
                    float g = dy[(((row * geometry.OutWidth) + ox) * c) + i];
                    dx[(((top * geometry.InWidth) + h.Low) * c) + i] += g * (1 - v.Fraction) * (1 - h.Fraction);
                    dx[(((top * geometry.InWidth) + h.High) * c) + i] += g * (1 - v.Fraction) * h.Fraction;
                    dx[(((bottom * geometry.InWidth) + h.Low) * c) + i] += g * v.Fraction * (1 - h.Fraction);
                    dx[(((bottom * geometry.InWidth) + h.High) * c) + i] += g * v.Fraction * h.Fraction;
                }
            }
        }
    }

    private static Axis At(int output, float scale, int size, in ResizeGeometry geometry)
    {
        float source = geometry.Source(output, scale);
        float floor = MathF.Floor(source);
        int low = Math.Max((int)floor, 0);
        int high = Math.Min((int)MathF.Ceiling(source), size - 1);
        return new Axis(Math.Min(low, size - 1), Math.Max(high, 0), source - floor);
    }

    private readonly record struct Axis(int Low, int High, float Fraction);

    /// <summary>Input rows interpolated along the width are kept while the output rows between them are made.</summary>
    private readonly struct Job<T>(T* x, float* y, Axis* columns, ResizeGeometry g) : IRangeJob
        where T : unmanaged, INumberBase<T>
    {
        public void Run(int start, int end)
        {
            int length = g.OutWidth * g.Channels;
            float* top = Scratch.Get<float>(2L * length), bottom = top + length;
            long topRow = -1, bottomRow = -1;
            for (int row = start; row < end; row++)
            {
                Axis v = At(row % g.OutHeight, g.ScaleY, g.InHeight, g);
                long image = (long)(row / g.OutHeight) * g.InHeight;
                if (topRow != image + v.Low && bottomRow == image + v.Low)
                {
                    float* kept = bottom;
                    bottom = top;
                    top = kept;
                    (topRow, bottomRow) = (bottomRow, topRow);
                }

                if (topRow != image + v.Low)
                    Widen(topRow = image + v.Low, top);
                if (bottomRow != image + v.High)
                    Widen(bottomRow = image + v.High, bottom);
                ResizeLine.Between(top, bottom, v.Fraction, y + ((long)row * length), length);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Widen(long row, float* target)
        {
            int c = g.Channels;
            T* source = x + (row * g.InWidth * c);
            bool lanes = typeof(T) == typeof(float) && LaneWidth.Current > 0 && c >= Lanes128<float>.Count;
            for (int ox = 0; ox < g.OutWidth; ox++, target += c)
            {
                Axis h = columns[ox];
                T* left = source + ((long)h.Low * c), right = source + ((long)h.High * c);
                if (lanes)
                    ResizeLine.Between((float*)left, (float*)right, h.Fraction, target, c);
                else
                    Scalars(left, right, h.Fraction, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Scalars(T* left, T* right, float fraction, float* target)
        {
            for (int i = 0; i < g.Channels; i++)
            {
                float l = float.CreateTruncating(left[i]), r = float.CreateTruncating(right[i]);
                target[i] = l + ((r - l) * fraction);
            }
        }
    }
}
