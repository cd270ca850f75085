using System.Numerics;
using System.Runtime.CompilerServices;
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
        ResizeAxis* columns = Scratch.Get<ResizeAxis>(geometry.OutWidth);
        for (int i = 0; i < geometry.OutWidth; i++)
            columns[i] = At(i, geometry.ScaleX, geometry.InWidth, geometry);
        bool narrow = typeof(T) == typeof(float) && ResizeNarrow.Fits(geometry);
        int* plan = narrow ? Scratch.Get<int>(ResizeNarrow.PlanInts(geometry), 1) : null;
        if (narrow && !ResizeNarrow.Fill(plan, columns, geometry))
            plan = null;
        fixed (T* px = x)
        fixed (float* py = y)
            pool.For(geometry.Batch * geometry.OutHeight, 1 + (4096 / Math.Max(1, geometry.OutWidth * geometry.Channels)), new Job<T>(px, py, columns, plan, geometry));
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
            ResizeAxis v = At(row % geometry.OutHeight, geometry.ScaleY, geometry.InHeight, geometry);
            for (int ox = 0; ox < geometry.OutWidth; ox++)
            {
                ResizeAxis h = At(ox, geometry.ScaleX, geometry.InWidth, geometry);
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

    private static ResizeAxis At(int output, float scale, int size, in ResizeGeometry geometry)
    {
        float source = geometry.Source(output, scale);
        float floor = MathF.Floor(source);
        int low = Math.Max((int)floor, 0);
        int high = Math.Min((int)MathF.Ceiling(source), size - 1);
        return new ResizeAxis(Math.Min(low, size - 1), Math.Max(high, 0), source - floor);
    }

    /// <summary>
    /// Input rows interpolated along the width are kept while the output rows between them are made, a part of the width at a time,
    /// so that they stay in the first cache.
    /// </summary>
    private readonly struct Job<T>(T* x, float* y, ResizeAxis* columns, int* plan, ResizeGeometry g) : IRangeJob
        where T : unmanaged, INumberBase<T>
    {
        private const int PartFloats = 3072;

        public void Run(int start, int end)
        {
            int part = plan != null ? g.OutWidth : Math.Max(1, PartFloats / g.Channels);
            long length = ((long)Math.Min(part, g.OutWidth) * g.Channels) + ResizeLine.Room;
            float* top = Scratch.Get<float>(2 * length, 2), bottom = top + length;
            for (int first = 0; first < g.OutWidth; first += part)
                Part(start, end, first, Math.Min(part, g.OutWidth - first), top, bottom);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Part(int start, int end, int first, int count, float* top, float* bottom)
        {
            long topRow = -1, bottomRow = -1;
            for (int row = start; row < end; row++)
            {
                ResizeAxis v = At(row % g.OutHeight, g.ScaleY, g.InHeight, g);
                long image = (long)(row / g.OutHeight) * g.InHeight;
                if (topRow != image + v.Low && bottomRow == image + v.Low)
                {
                    float* kept = bottom;
                    bottom = top;
                    top = kept;
                    (topRow, bottomRow) = (bottomRow, topRow);
                }

                if (topRow != image + v.Low)
                    Widen(topRow = image + v.Low, first, count, top);
                if (v.High != v.Low && bottomRow != image + v.High)
                    Widen(bottomRow = image + v.High, first, count, bottom);
                ResizeLine.Between(top, v.High == v.Low ? top : bottom, v.Fraction, y + ((((long)row * g.OutWidth) + first) * g.Channels), count * g.Channels);
            }
        }

        private void Widen(long row, int first, int count, float* target)
        {
            T* source = x + (row * g.InWidth * g.Channels);
            if (plan != null)
                ResizeNarrow.Widen(plan, (float*)source, target, g.OutWidth * g.Channels);
            else if (typeof(T) != typeof(float) || !ResizeLine.Widen((float*)source, columns + first, count, g, target))
                Scalars(source, columns + first, count, target);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Scalars(T* source, ResizeAxis* axis, int count, float* target)
        {
            for (int ox = 0; ox < count; ox++, target += g.Channels)
            {
                ResizeAxis h = axis[ox];
                T* left = source + ((long)h.Low * g.Channels), right = source + ((long)h.High * g.Channels);
                for (int i = 0; i < g.Channels; i++)
                {
                    float l = float.CreateTruncating(left[i]), r = float.CreateTruncating(right[i]);
                    target[i] = l + ((r - l) * h.Fraction);
                }
            }
        }
    }
}
