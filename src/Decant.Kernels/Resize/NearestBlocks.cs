using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Resize;

/// <summary>
/// Rows of small pixels by nearest neighbour: each 16 bytes of the output row are a shuffle of 16 of the input row, the same of every row. The last
/// block ends at the end of the row and makes some of those before again.
/// </summary>
/// <remarks>A plan is the shuffles of all blocks, then where the 16 bytes of each start.</remarks>
internal static unsafe class NearestBlocks
{
    private const int Size = 16;

    /// <summary>Of fewer rows a plan costs more than it saves.</summary>
    private const int FewestRows = 24;

    public static bool Fits(long pixelBytes, in ResizeGeometry g) =>
        Vector128.IsHardwareAccelerated && pixelBytes <= Size && g.InWidth * pixelBytes >= Size && g.OutWidth * pixelBytes >= Size && (long)g.Batch * g.OutHeight >= FewestRows;

    private static int Count(long rowBytes) => checked((int)((rowBytes + Size - 1) / Size));

    /// <summary>Bytes of a plan.</summary>
    public static long PlanBytes(long rowBytes) => (long)Count(rowBytes) * (Size + sizeof(long));

    /// <summary>False if a block needs inputs further apart than 16 bytes, as one of a smaller image does. <paramref name="columns"/> are where the pixels of a row start in the input's.</summary>
    public static bool Fill(byte* plan, long* columns, long pixelBytes, in ResizeGeometry g)
    {
        long rowBytes = g.OutWidth * pixelBytes, lastWindow = (g.InWidth * pixelBytes) - Size;
        int count = Count(rowBytes);
        long* windows = (long*)(plan + ((long)count * Size));
        for (int block = 0; block < count; block++, plan += Size)
        {
            (long pixel, long offset) = Math.DivRem(Math.Min((long)block * Size, rowBytes - Size), pixelBytes);
            // A block may begin within a pixel that is then repeated from its start.
            long lowest = columns[pixel] + offset;
            if (offset + Size > pixelBytes)
                lowest = Math.Min(lowest, columns[pixel + 1]);
            long window = windows[block] = Math.Min(lowest, lastWindow);
            for (int i = 0; i < Size; i++)
            {
                long from = columns[pixel] + offset - window;
                if (from >= Size)
                    return false;
                plan[i] = (byte)from;
                if (++offset == pixelBytes)
                    (pixel, offset) = (pixel + 1, 0);
            }
        }

        return true;
    }

    /// <summary>An input row to an output row, and to a second, which may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Row(byte* plan, byte* source, byte* target, byte* second, long rowBytes)
    {
        int count = Count(rowBytes);
        long* windows = (long*)(plan + ((long)count * Size));
        long last = rowBytes - Size;
        for (int block = 0; block < count; block++)
        {
            long at = Math.Min((long)block * Size, last);
            Vector128<byte> pixels = Vector128.ShuffleNative(Vector128.Load(source + windows[block]), Vector128.Load(plan + ((long)block * Size)));
            pixels.Store(target + at);
            pixels.Store(second + at);
        }
    }
}
