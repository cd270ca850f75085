using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Ops.Sampling;

/// <summary>Many calls of <see cref="Philox.Next"/> at once: eight counters side by side, a word of each in a lane of 64 bits.</summary>
internal static class PhiloxBlocks
{
    private const int Lanes = 4, Sets = 2;

    /// <summary>Words of a call.</summary>
    private const int Words = 4;

    /// <summary>Fills words, a multiple of four of them, by calls of the generator, which moves on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(ref Philox generator, Span<uint> words)
    {
        int calls = words.Length / Words, done = 0;
        if (Avx2.IsSupported && generator.CounterLow <= ulong.MaxValue - (ulong)calls)
        {
            Span<Vector256<ulong>> target = MemoryMarshal.Cast<uint, Vector256<ulong>>(words);
            for (; done <= calls - (Lanes * Sets); done += Lanes * Sets)
                Eight(generator.Key, generator.CounterLow + (ulong)done, generator.CounterHigh, target.Slice(done / 2, Lanes));
            generator.Skip((ulong)done);
        }

        for (; done < calls; done++)
            generator.Next(words.Slice(done * Words, Words));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Eight(ulong key, ulong low, ulong high, Span<Vector256<ulong>> target)
    {
        Vector256<ulong> word = Vector256.Create((ulong)uint.MaxValue), lane = Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> a = Vector256.Create(low) + lane, b = a + Vector256.Create((ulong)Lanes);
        Vector256<ulong> a0 = a & word, a1 = a >>> 32, b0 = b & word, b1 = b >>> 32;
        Vector256<ulong> a2 = Vector256.Create(high & uint.MaxValue), a3 = Vector256.Create(high >> 32), b2 = a2, b3 = a3;
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> key0 = Vector256.Create((ulong)k0), key1 = Vector256.Create((ulong)k1);
            Round(ref a0, ref a1, ref a2, ref a3, key0, key1, word);
            Round(ref b0, ref b1, ref b2, ref b3, key0, key1, word);
            k0 += Philox.WeylA;
            k1 += Philox.WeylB;
        }

        (target[0], target[1]) = Ordered(a0, a1, a2, a3);
        (target[2], target[3]) = Ordered(b0, b1, b2, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref Vector256<ulong> c0, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3, Vector256<ulong> key0, Vector256<ulong> key1, Vector256<ulong> word)
    {
        Vector256<ulong> a = Avx2.Multiply(c0.AsUInt32(), Vector256.Create((ulong)Philox.MultiplierA).AsUInt32());
        Vector256<ulong> b = Avx2.Multiply(c2.AsUInt32(), Vector256.Create((ulong)Philox.MultiplierB).AsUInt32());
        (c0, c1, c2, c3) = ((b >>> 32) ^ c1 ^ key0, b & word, (a >>> 32) ^ c3 ^ key1, a & word);
    }

    /// <summary>The four words of the first two lanes, then those of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<ulong> First, Vector256<ulong> Second) Ordered(Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3)
    {
        Vector256<ulong> front = c0 | (c1 << 32), back = c2 | (c3 << 32);
        Vector256<ulong> even = Avx2.UnpackLow(front, back), odd = Avx2.UnpackHigh(front, back);
        return (Avx2.Permute2x128(even, odd, 0x20), Avx2.Permute2x128(even, odd, 0x31));
    }
}
