using System.Buffers.Binary;
using System.Numerics;

namespace Decant.Ops.Text;

/// <summary>
/// FarmHash's Fingerprint64, whose values never change: the hash of StringToHashBucketFast, Fingerprint and hashed feature
/// columns. Source: Google's description of the algorithm (farmhash, namespace farmhashna); arithmetic is modulo 2^64.
/// </summary>
internal static class FarmHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;

    public static ulong Fingerprint64(ReadOnlySpan<byte> text) => text.Length switch
    {
        <= 16 => UpTo16(text),
        <= 32 => UpTo32(text),
        <= 64 => UpTo64(text),
        _ => Longer(text),
    };

    /// <summary>A fingerprint of two fingerprints, in this order: TensorFlow's FingerprintCat64, which joins the features of crosses.</summary>
    public static ulong Join(ulong first, ulong second)
    {
        const ulong Multiplier = 0xc6a4a7935bd1e995;
        ulong joined = (first ^ Multiplier ^ (Mix(second * Multiplier) * Multiplier)) * Multiplier;
        return Mix(Mix(joined) * Multiplier);
    }

    private static ulong Read64(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);

    private static ulong Read32(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt32LittleEndian(text[at..]);

    private static ulong Rotate(ulong value, int shift) => BitOperations.RotateRight(value, shift);

    private static ulong Mix(ulong value) => value ^ (value >> 47);

    private static ulong Hash16(ulong u, ulong v, ulong multiplier)
    {
        ulong a = (u ^ v) * multiplier;
        a ^= a >> 47;
        ulong b = (v ^ a) * multiplier;
        b ^= b >> 47;
        return b * multiplier;
    }

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        if (n >= 8)
        {
            ulong multiplier = K2 + (ulong)n * 2;
            ulong a = Read64(s, 0) + K2;
            ulong b = Read64(s, n - 8);
            ulong c = Rotate(b, 37) * multiplier + a;
            ulong d = (Rotate(a, 25) + b) * multiplier;
            return Hash16(c, d, multiplier);
        }

        if (n >= 4)
        {
            ulong multiplier = K2 + (ulong)n * 2;
            return Hash16((ulong)n + (Read32(s, 0) << 3), Read32(s, n - 4), multiplier);
        }

        if (n == 0)
            return K2;
        uint y = s[0] + ((uint)s[n >> 1] << 8);
        uint z = (uint)n + ((uint)s[n - 1] << 2);
        return Mix(y * K2 ^ z * K0) * K2;
    }

    private static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        ulong multiplier = K2 + (ulong)n * 2;
        ulong a = Read64(s, 0) * K1;
        ulong b = Read64(s, 8);
        ulong c = Read64(s, n - 8) * multiplier;
        ulong d = Read64(s, n - 16) * K2;
        return Hash16(Rotate(a + b, 43) + Rotate(c, 30) + d, a + Rotate(b + K2, 18) + c, multiplier);
    }

    private static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        ulong multiplier = K2 + (ulong)n * 2;
        ulong a = Read64(s, 0) * K2;
        ulong b = Read64(s, 8);
        ulong c = Read64(s, n - 8) * multiplier;
        ulong d = Read64(s, n - 16) * K2;
        ulong y = Rotate(a + b, 43) + Rotate(c, 30) + d;
        ulong z = Hash16(y, a + Rotate(b + K2, 18) + c, multiplier);
        ulong e = Read64(s, 16) * multiplier;
        ulong f = Read64(s, 24);
        ulong g = (y + Read64(s, n - 32)) * multiplier;
        ulong h = (z + Read64(s, n - 24)) * multiplier;
        return Hash16(Rotate(e + f, 43) + Rotate(g, 30) + h, e + Rotate(f + a, 18) + g, multiplier);
    }

    private static ulong Longer(ReadOnlySpan<byte> s)
    {
        const ulong Seed = 81;
        ulong x = Seed;
        ulong y = unchecked(Seed * K1 + 113);
        ulong z = Mix(y * K2 + 113) * K2;
        (ulong v1, ulong v2) = (0UL, 0UL);
        (ulong w1, ulong w2) = (0UL, 0UL);
        x = x * K2 + Read64(s, 0);
        int end = (s.Length - 1) / 64 * 64;
        int last = s.Length - 64;
        for (int at = 0; at < end; at += 64)
        {
            x = Rotate(x + y + v1 + Read64(s, at + 8), 37) * K1;
            y = Rotate(y + v2 + Read64(s, at + 48), 42) * K1;
            x ^= w2;
            y += v1 + Read64(s, at + 40);
            z = Rotate(z + w1, 33) * K1;
            (v1, v2) = Weak32(s, at, v2 * K1, x + w1);
            (w1, w2) = Weak32(s, at + 32, z + w2, y + Read64(s, at + 16));
            (z, x) = (x, z);
        }

        ulong multiplier = K1 + ((z & 0xff) << 1);
        w1 += (ulong)((s.Length - 1) & 63);
        v1 += w1;
        w1 += v1;
        x = Rotate(x + y + v1 + Read64(s, last + 8), 37) * multiplier;
        y = Rotate(y + v2 + Read64(s, last + 48), 42) * multiplier;
        x ^= w2 * 9;
        y += v1 * 9 + Read64(s, last + 40);
        z = Rotate(z + w1, 33) * multiplier;
        (v1, v2) = Weak32(s, last, v2 * multiplier, x + w1);
        (w1, w2) = Weak32(s, last + 32, z + w2, y + Read64(s, last + 16));
        (z, x) = (x, z);
        return Hash16(Hash16(v1, w1, multiplier) + Mix(y) * K0 + z, Hash16(v2, w2, multiplier) + x, multiplier);
    }

    private static (ulong, ulong) Weak32(ReadOnlySpan<byte> s, int at, ulong a, ulong b)
    {
        ulong w = Read64(s, at);
        ulong x = Read64(s, at + 8);
        ulong y = Read64(s, at + 16);
        ulong z = Read64(s, at + 24);
        a += w;
        b = Rotate(b + a + z, 21);
        ulong c = a;
        a += x;
        a += y;
        b += Rotate(a, 44);
        return (a + z, b + c);
    }
}
