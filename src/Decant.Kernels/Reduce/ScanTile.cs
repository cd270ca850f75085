using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Copy;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>
/// Scans of several rows of 4-byte elements, a lane each: four columns at a time are transposed in registers, so that every row is added up in its order.
/// A scan begins with the first column; <c>sums</c> are the identity, and then what the rows come to. The number of columns is a multiple of four.
/// </summary>
internal readonly unsafe struct ScanTile<T, TOp>(bool exclusive, bool reverse, TOp op)
    where T : unmanaged
    where TOp : struct, IBinaryOperator<T>
{
    /// <summary>The page within which an address has its set of the first cache.</summary>
    private const long Page = 4096;

    /// <summary>
    /// Whether the lines of eight rows and those of their results, which lie in other memory, drive each other out of one set of the first cache, that has
    /// eight or twelve: rows lie a multiple of a page apart, and the results begin on the lines that are about to be read, or are.
    /// </summary>
    public static bool Crowds(T* x, T* y, long stride)
    {
        long distance = (long)y - (long)x, step = stride * sizeof(T);
        return distance != 0 && ((step + 64) & (Page - 1)) <= 128 && ((distance + 128) & (Page - 1)) < 768;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void EightRows(T* x, T* y, long stride, int columns, T* sums)
    {
        Lanes256<T> sum = Lanes256<T>.Load(sums);
        for (int i = 0; i < columns; i += 4)
        {
            int at = reverse ? columns - 4 - i : i;
            (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Tile8.Columns((float*)(x + at), stride);
            if (reverse)
                Next(ref sum, ref d, ref c, ref b, ref a, i == 0);
            else
                Next(ref sum, ref a, ref b, ref c, ref d, i == 0);
            Tile8.StoreColumns(a, b, c, d, (float*)(y + at), stride);
        }

        sum.Store(sums);
    }

    /// <summary>As <see cref="EightRows"/>, with half as many lines at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void FourRows(T* x, T* y, long stride, int columns, T* sums)
    {
        Lanes128<T> sum = Lanes128<T>.Load(sums);
        for (int i = 0; i < columns; i += 4)
        {
            int at = reverse ? columns - 4 - i : i;
            (Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) = Tile4.Columns((float*)(x + at), stride);
            if (reverse)
                Next(ref sum, ref d, ref c, ref b, ref a, i == 0);
            else
                Next(ref sum, ref a, ref b, ref c, ref d, i == 0);
            Tile4.StoreColumns(a, b, c, d, (float*)(y + at), stride);
        }

        sum.Store(sums);
    }

    /// <summary>The sums of four columns in place of their values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Next<V, TRegister>(ref V sum, ref TRegister a, ref TRegister b, ref TRegister c, ref TRegister d, bool begins)
        where V : struct, ILanes<V, T>
        where TRegister : struct
    {
        V value = Unsafe.BitCast<TRegister, V>(a);
        V first = begins && !exclusive ? value : op.Invoke(sum, value);
        V second = op.Invoke(first, Unsafe.BitCast<TRegister, V>(b));
        V third = op.Invoke(second, Unsafe.BitCast<TRegister, V>(c));
        V fourth = op.Invoke(third, Unsafe.BitCast<TRegister, V>(d));
        a = Unsafe.BitCast<V, TRegister>(exclusive ? sum : first);
        b = Unsafe.BitCast<V, TRegister>(exclusive ? first : second);
        c = Unsafe.BitCast<V, TRegister>(exclusive ? second : third);
        d = Unsafe.BitCast<V, TRegister>(exclusive ? third : fourth);
        sum = fourth;
    }
}
