using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Copy;

/// <summary>Pixels of three 4-byte channels to three planes and back.</summary>
internal static unsafe class Triples
{
    /// <summary>planes[r·stride + i] = pixels[3i + r] for r in [0, 3), i in [0, count).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Split(int* pixels, int* planes, long stride, int count)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<int> redAB = Vector512.Create(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
            Vector512<int> redC = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
            Vector512<int> greenAB = Vector512.Create(1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
            Vector512<int> greenC = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
            Vector512<int> blueAB = Vector512.Create(2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
            Vector512<int> blueC = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
            for (; i <= count - 16; i += 16)
            {
                int* p = pixels + (3L * i);
                Vector512<int> a = Vector512.Load(p), b = Vector512.Load(p + 16), c = Vector512.Load(p + 32);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(a, redAB, b), redC, c).Store(planes + i);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(a, greenAB, b), greenC, c).Store(planes + stride + i);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(a, blueAB, b), blueC, c).Store(planes + (2 * stride) + i);
            }
        }

        if (Avx.IsSupported)
        {
            for (; i <= count - 8; i += 8)
            {
                // Pixels 0 to 3 and 4 to 7 side by side; two of red and green, two of green and blue, then each colour.
                float* p = (float*)pixels + (3L * i);
                Vector256<float> a = Pair(p), b = Pair(p + 4), c = Pair(p + 8);
                Vector256<float> redGreen = Avx.Shuffle(b, c, 0b10_01_11_10), greenBlue = Avx.Shuffle(a, b, 0b01_00_10_01);
                Avx.Shuffle(a, redGreen, 0b10_00_11_00).Store((float*)planes + i);
                Avx.Shuffle(greenBlue, redGreen, 0b11_01_10_00).Store((float*)planes + stride + i);
                Avx.Shuffle(greenBlue, c, 0b11_00_11_01).Store((float*)planes + (2 * stride) + i);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 4; i += 4)
            {
                int* p = pixels + (3L * i);
                Vector128<int> a = Vector128.Load(p), b = Vector128.Load(p + 4), c = Vector128.Load(p + 8);
                Merge(Vector128.Shuffle(a, Vector128.Create(0, 3, 0, 0)), Vector128.Shuffle(b, Vector128.Create(0, 0, 2, 0)), Vector128.Shuffle(c, Vector128.Create(0, 0, 0, 1)), Vector128.Create(-1, -1, 0, 0), Vector128.Create(0, 0, 0, -1)).Store(planes + i);
                Merge(Vector128.Shuffle(a, Vector128.Create(1, 0, 0, 0)), Vector128.Shuffle(b, Vector128.Create(0, 0, 3, 0)), Vector128.Shuffle(c, Vector128.Create(0, 0, 0, 2)), Vector128.Create(-1, 0, 0, 0), Vector128.Create(0, 0, 0, -1)).Store(planes + stride + i);
                Merge(Vector128.Shuffle(a, Vector128.Create(2, 0, 0, 0)), Vector128.Shuffle(b, Vector128.Create(0, 1, 0, 0)), Vector128.Shuffle(c, Vector128.Create(0, 0, 0, 3)), Vector128.Create(-1, 0, 0, 0), Vector128.Create(0, 0, -1, -1)).Store(planes + (2 * stride) + i);
            }
        }

        for (; i < count; i++)
        {
            planes[i] = pixels[3L * i];
            planes[stride + i] = pixels[(3L * i) + 1];
            planes[(2 * stride) + i] = pixels[(3L * i) + 2];
        }
    }

    /// <summary>pixels[3i + r] = planes[r·stride + i] for r in [0, 3), i in [0, count).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Join(int* planes, long stride, int* pixels, int count)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<int> firstRG = Vector512.Create(0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
            Vector512<int> firstB = Vector512.Create(0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15);
            Vector512<int> secondRG = Vector512.Create(21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
            Vector512<int> secondB = Vector512.Create(0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15);
            Vector512<int> thirdRG = Vector512.Create(0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
            Vector512<int> thirdB = Vector512.Create(26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31);
            for (; i <= count - 16; i += 16)
            {
                int* p = pixels + (3L * i);
                Vector512<int> r = Vector512.Load(planes + i), g = Vector512.Load(planes + stride + i), b = Vector512.Load(planes + (2 * stride) + i);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(r, firstRG, g), firstB, b).Store(p);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(r, secondRG, g), secondB, b).Store(p + 16);
                Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(r, thirdRG, g), thirdB, b).Store(p + 32);
            }
        }

        if (Avx.IsSupported)
        {
            for (; i <= count - 8; i += 8)
            {
                // Of pixels 0 to 3, and of 4 to 7: the even or the odd ones of two colours, then the three registers that follow each other.
                float* p = (float*)pixels + (3L * i);
                Vector256<float> r = Vector256.Load((float*)planes + i), g = Vector256.Load((float*)planes + stride + i), b = Vector256.Load((float*)planes + (2 * stride) + i);
                Vector256<float> redGreen = Avx.Shuffle(r, g, 0b10_00_10_00), greenBlue = Avx.Shuffle(g, b, 0b11_01_11_01), blueRed = Avx.Shuffle(b, r, 0b11_01_10_00);
                StorePair(Avx.Shuffle(redGreen, blueRed, 0b10_00_10_00), p);
                StorePair(Avx.Shuffle(greenBlue, redGreen, 0b11_01_10_00), p + 4);
                StorePair(Avx.Shuffle(blueRed, greenBlue, 0b11_01_11_01), p + 8);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 4; i += 4)
            {
                int* p = pixels + (3L * i);
                Vector128<int> r = Vector128.Load(planes + i), g = Vector128.Load(planes + stride + i), b = Vector128.Load(planes + (2 * stride) + i);
                Merge(Vector128.Shuffle(r, Vector128.Create(0, 0, 0, 1)), Vector128.Shuffle(g, Vector128.Create(0, 0, 0, 0)), Vector128.Shuffle(b, Vector128.Create(0, 0, 0, 0)), Vector128.Create(-1, 0, 0, -1), Vector128.Create(0, 0, -1, 0)).Store(p);
                Merge(Vector128.Shuffle(r, Vector128.Create(0, 0, 2, 0)), Vector128.Shuffle(g, Vector128.Create(1, 0, 0, 2)), Vector128.Shuffle(b, Vector128.Create(0, 1, 0, 0)), Vector128.Create(0, 0, -1, 0), Vector128.Create(0, -1, 0, 0)).Store(p + 4);
                Merge(Vector128.Shuffle(r, Vector128.Create(0, 3, 0, 0)), Vector128.Shuffle(g, Vector128.Create(0, 0, 3, 0)), Vector128.Shuffle(b, Vector128.Create(2, 0, 0, 3)), Vector128.Create(0, -1, 0, 0), Vector128.Create(-1, 0, 0, -1)).Store(p + 8);
            }
        }

        for (; i < count; i++)
        {
            pixels[3L * i] = planes[i];
            pixels[(3L * i) + 1] = planes[stride + i];
            pixels[(3L * i) + 2] = planes[(2 * stride) + i];
        }
    }

    /// <summary>a where the first mask is set, c where the last is, b elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Merge(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> first, Vector128<int> last) =>
        Vector128.ConditionalSelect(first, a, Vector128.ConditionalSelect(last, c, b));

    /// <summary>Four values, and those 12 further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* p) => Vector256.Create(Vector128.Load(p), Vector128.Load(p + 12));

    /// <summary>What <see cref="Pair"/> reads, written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> v, float* p)
    {
        v.GetLower().Store(p);
        v.GetUpper().Store(p + 12);
    }
}
