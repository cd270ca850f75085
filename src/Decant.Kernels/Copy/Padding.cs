using Decant.Kernels.Threading;

namespace Decant.Kernels.Copy;

/// <summary>Surrounding a dense row-major tensor with a value, each element of the result written once.</summary>
public static unsafe class Padding
{
    private const int Grain = 16384;

    /// <summary>Elements of lines that are copied before what lies between them is filled: a part of the L1 cache.</summary>
    private const int BlockElements = 2048;

    /// <summary>From here on filling is worth a call.</summary>
    private const int LongFill = 8;

    /// <summary>y.dims[d] = before[d] + dims[d] + after[d].</summary>
    /// <exception cref="ArgumentException">A span is too short, or a padding negative.</exception>
    public static void Run<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> dims, Span<T> y, ReadOnlySpan<long> before, ReadOnlySpan<long> after, T value, WorkerPool pool)
        where T : unmanaged
    {
        // An axis without padding is one with the axis before it.
        Axis* axes = stackalloc Axis[dims.Length + 1];
        axes[0] = new Axis(1, 0, 0);
        int count = 1;
        long size = 1, padded = 1;
        for (int d = 0; d < dims.Length; d++)
        {
            if (before[d] < 0 || after[d] < 0)
                throw new ArgumentException($"axis {d} is padded by {before[d]} and {after[d]}, expected 0 or more", nameof(before));
            size = checked(size * dims[d]);
            padded = checked(padded * (before[d] + dims[d] + after[d]));
            Axis axis = new(dims[d], before[d], after[d]);
            if (axis.Padded == axis.Size)
                axes[count - 1] = axes[count - 1].Times(dims[d]);
            else
                axes[count++] = axis;
        }

        Guard.Length(x, size);
        Guard.Length(y, padded);
        if (padded == 0)
            return;
        fixed (T* px = x, py = y)
        {
            if (count == 1)
                x[..(int)size].CopyTo(y);
            else
                pool.For(checked((int)(padded / axes[count - 1].Padded)), (int)Math.Max(1, Grain / axes[count - 1].Padded), new Job<T>(px, py, value, axes, count));
        }
    }

    private readonly record struct Axis(long Size, long Before, long After)
    {
        public long Padded => Before + Size + After;

        public Axis Times(long factor) => new(Size * factor, Before * factor, After * factor);
    }

    private readonly struct Job<T>(T* x, T* y, T value, Axis* axes, int count) : IRangeJob
        where T : unmanaged
    {
        public void Run(int start, int end)
        {
            Axis lines = axes[count - 2];
            long width = axes[count - 1].Padded;
            for (long at = start; at < end;)
            {
                (long plane, long first) = Math.DivRem(at, lines.Padded);
                long last = Math.Min(lines.Padded, first + end - at);
                T* target = y + (at * width);
                long source = Source(plane);
                long top = source < 0 ? last : Math.Clamp(lines.Before, first, last), bottom = source < 0 ? last : Math.Clamp(lines.Before + lines.Size, first, last);
                Fill(target, (top - first) * width);
                Copy(x + (((source * lines.Size) + top - lines.Before) * axes[count - 1].Size), target + ((top - first) * width), bottom - top);
                Fill(target + ((bottom - first) * width), (last - bottom) * width);
                at += last - first;
            }
        }

        /// <summary>The plane of x that lies in a plane of y; -1 if none.</summary>
        private long Source(long plane)
        {
            long source = 0, stride = 1;
            for (int d = count - 3; d >= 0; d--)
            {
                (plane, long i) = Math.DivRem(plane, axes[d].Padded);
                i -= axes[d].Before;
                if (i < 0 || i >= axes[d].Size)
                    return -1;
                source += i * stride;
                stride *= axes[d].Size;
            }

            return source;
        }

        private void Copy(T* from, T* to, long rows)
        {
            Axis row = axes[count - 1];
            long width = row.Padded, block = Math.Max(1, BlockElements / width);
            for (long first = 0; first < rows; first += block, from += block * row.Size, to += block * width)
            {
                long some = Math.Min(block, rows - first);
                Lines.Copy((byte*)from, row.Size * sizeof(T), (byte*)(to + row.Before), width * sizeof(T), row.Size * sizeof(T), some);
                Fill(to, row.Before);
                T* gap = to + row.Before + row.Size;
                for (long i = 1; i < some; i++, gap += width)
                    Fill(gap, row.After + row.Before);
                Fill(gap, row.After);
            }
        }

        private void Fill(T* target, long length)
        {
            if (length >= LongFill)
            {
                new Span<T>(target, checked((int)length)).Fill(value);
                return;
            }

            for (long i = 0; i < length; i++)
                target[i] = value;
        }
    }
}
