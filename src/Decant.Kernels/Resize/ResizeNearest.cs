using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Resize;

/// <summary>Nearest-neighbour resizing of any element type.</summary>
public static unsafe class ResizeNearest
{
    /// <summary>Rounds half away from zero with align_corners, else floors; half-pixel centres leave out the final -1/2.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, in ResizeGeometry geometry, WorkerPool pool)
        where T : unmanaged
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        if (geometry.OutputCount == 0)
            return;
        long pixelBytes = (long)geometry.Channels * sizeof(T);
        long* columns = Scratch.Get<long>(geometry.OutWidth);
        for (int i = 0; i < geometry.OutWidth; i++)
            columns[i] = Index(i, geometry.ScaleX, geometry.InWidth, geometry) * pixelBytes;
        byte* plan = null;
        if (NearestBlocks.Fits(pixelBytes, geometry))
        {
            plan = Scratch.Get<byte>(NearestBlocks.PlanBytes(geometry.OutWidth * pixelBytes), 1);
            if (!NearestBlocks.Fill(plan, columns, pixelBytes, geometry))
                plan = null;
        }

        fixed (T* px = x, py = y)
            pool.For(geometry.Batch * geometry.OutHeight, 1 + (16384 / Math.Max(1, geometry.OutWidth * geometry.Channels)), new Job((byte*)px, (byte*)py, columns, plan, (nint)pixelBytes, geometry));
    }

    /// <summary>The input index of an output index.</summary>
    internal static int Index(int output, float scale, int size, in ResizeGeometry g)
    {
        float source = g.HalfPixelCenters ? (output + 0.5f) * scale : output * scale;
        int index = (int)(g.AlignCorners ? MathF.Round(source, MidpointRounding.AwayFromZero) : MathF.Floor(source));
        return Math.Clamp(index, 0, size - 1);
    }

    private readonly struct Job(byte* x, byte* y, long* columns, byte* plan, nint pixelBytes, ResizeGeometry g) : IRangeJob
    {
        private long RowBytes => g.OutWidth * (long)pixelBytes;

        public void Run(int start, int end)
        {
            if (plan != null)
            {
                Planned(start, end);
                return;
            }

            long last = -1;
            for (int row = start; row < end; row++)
            {
                long line = Line(row);
                byte* target = y + (row * RowBytes);
                if (line == last)
                    Buffer.MemoryCopy(target - RowBytes, target, RowBytes, RowBytes);
                else
                    Row(x + ((last = line) * g.InWidth * pixelBytes), target);
            }
        }

        /// <summary>Two rows of one line are made at once.</summary>
        private void Planned(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                long line = Line(row);
                byte* target = y + (row * RowBytes), second = target;
                if (row + 1 < end && Line(row + 1) == line)
                {
                    second += RowBytes;
                    row++;
                }

                NearestBlocks.Row(plan, x + (line * g.InWidth * pixelBytes), target, second, RowBytes);
            }
        }

        /// <summary>The row of the input, of all images, that an output row shows.</summary>
        private long Line(int row) => ((long)(row / g.OutHeight) * g.InHeight) + Index(row % g.OutHeight, g.ScaleY, g.InHeight, g);

        private void Row(byte* source, byte* target)
        {
            if (pixelBytes >= Vector256<byte>.Count && Vector256.IsHardwareAccelerated)
                Row<Vector256<byte>>(source, target);
            else if (pixelBytes >= Vector128<byte>.Count && Vector128.IsHardwareAccelerated)
                Row<Vector128<byte>>(source, target);
            else if (pixelBytes >= sizeof(ulong))
                Row<ulong>(source, target);
            else if (pixelBytes >= sizeof(uint))
                Row<uint>(source, target);
            else if (pixelBytes >= sizeof(ushort))
                Row<ushort>(source, target);
            else
                Row<byte>(source, target);
        }

        /// <summary>Pixels in pieces, of which the last ends with the pixel and may overlap the one before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Row<TPiece>(byte* source, byte* target)
            where TPiece : unmanaged
        {
            nint last = pixelBytes - sizeof(TPiece);
            for (int ox = 0; ox < g.OutWidth; ox++, target += pixelBytes)
            {
                byte* pixel = source + columns[ox];
                for (nint i = 0; i < last; i += sizeof(TPiece))
                    Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<TPiece>(pixel + i));
                Unsafe.WriteUnaligned(target + last, Unsafe.ReadUnaligned<TPiece>(pixel + last));
            }
        }
    }
}
