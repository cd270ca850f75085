using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Reduce;

/// <summary>Positions of extremes in rows of bytes; the first of equals is taken.</summary>
internal static unsafe class ArgByteRow
{
    /// <summary>The position in a row of at least 16 bytes of that which is greatest after <paramref name="flip"/>: 0x80 for signed ones, inverted for the least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(byte* x, int n, byte flip)
    {
        Vector128<byte> flips = Vector128.Create(flip), best = Vector128.Load(x) ^ flips;
        int last = n - Vector128<byte>.Count;
        for (int i = 0; i != last;)
        {
            i = Math.Min(i + Vector128<byte>.Count, last);
            best = Vector128.Max(best, Vector128.Load(x + i) ^ flips);
        }

        best = Vector128.Max(best, Vector128.Shuffle(best.AsUInt64(), Vector128.Create(1UL, 0)).AsByte());
        ulong eight = best.AsUInt64().ToScalar();
        best = Vector128.Max(best, Vector128.CreateScalar(eight >> 32).AsByte());
        uint four = best.AsUInt32().ToScalar();
        byte greatest = Math.Max(Math.Max((byte)four, (byte)(four >> 8)), Math.Max((byte)(four >> 16), (byte)(four >> 24)));
        Vector128<byte> wanted = Vector128.Create((byte)(greatest ^ flip));
        for (int i = 0; ; i = Math.Min(i + Vector128<byte>.Count, last))
        {
            uint found = Vector128.Equals(Vector128.Load(x + i), wanted).ExtractMostSignificantBits();
            if (found != 0)
                return i + BitOperations.TrailingZeroCount(found);
        }
    }
}
