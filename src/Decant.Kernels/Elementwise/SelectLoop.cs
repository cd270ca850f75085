using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>y[i] = condition[i] ? a[i] : b[i] over a row, sixteen elements at a time; each input advances by 0 or 1.</summary>
internal static unsafe class SelectLoop
{
    private const int Group = 16;

    public static void Run<T>(bool* condition, long strideC, T* a, long strideA, T* b, long strideB, T* y, int n)
        where T : unmanaged
    {
        if (strideC == 0)
        {
            T* chosen = *condition ? a : b;
            if ((*condition ? strideA : strideB) == 0)
                new Span<T>(y, n).Fill(*chosen);
            else
                Buffer.MemoryCopy(chosen, y, (long)n * sizeof(T), (long)n * sizeof(T));
            return;
        }

        int done = 0;
        if (Vector128.IsHardwareAccelerated && LaneWidth.Current > 0)
        {
            done = sizeof(T) switch
            {
                1 => Groups(condition, (byte*)a, strideA, (byte*)b, strideB, (byte*)y, n),
                2 => Groups(condition, (ushort*)a, strideA, (ushort*)b, strideB, (ushort*)y, n),
                4 => Groups(condition, (uint*)a, strideA, (uint*)b, strideB, (uint*)y, n),
                8 => Groups(condition, (ulong*)a, strideA, (ulong*)b, strideB, (ulong*)y, n),
                _ => 0,
            };
        }

        for (int i = done; i < n; i++)
            y[i] = condition[i] ? a[i * strideA] : b[i * strideB];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Groups<T>(bool* condition, T* a, long strideA, T* b, long strideB, T* y, int n)
        where T : unmanaged
    {
        Vector128<T> constantA = Vector128.Create(*a), constantB = Vector128.Create(*b);
        int i = 0;
        for (; i <= n - Group; i += Group)
        {
            Vector128<sbyte> bytes = Vector128.GreaterThan(Vector128.Load((byte*)condition + i), Vector128<byte>.Zero).AsSByte();
            if (sizeof(T) == 1)
            {
                Part(bytes.As<sbyte, T>(), 0);
                continue;
            }

            (Vector128<short> lowShorts, Vector128<short> highShorts) = Vector128.Widen(bytes);
            if (sizeof(T) == 2)
            {
                Part(lowShorts.As<short, T>(), 0);
                Part(highShorts.As<short, T>(), 8);
                continue;
            }

            Ints(lowShorts, 0);
            Ints(highShorts, 8);
        }

        return i;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Ints(Vector128<short> shorts, int at)
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(shorts);
            if (sizeof(T) == 4)
            {
                Part(low.As<int, T>(), at);
                Part(high.As<int, T>(), at + 4);
                return;
            }

            Longs(low, at);
            Longs(high, at + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Longs(Vector128<int> ints, int at)
        {
            (Vector128<long> low, Vector128<long> high) = Vector128.Widen(ints);
            Part(low.As<long, T>(), at);
            Part(high.As<long, T>(), at + 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Part(Vector128<T> mask, int at)
        {
            Vector128<T> left = strideA == 0 ? constantA : Vector128.Load(a + i + at), right = strideB == 0 ? constantB : Vector128.Load(b + i + at);
            Vector128.ConditionalSelect(mask, left, right).Store(y + i + at);
        }
    }
}
