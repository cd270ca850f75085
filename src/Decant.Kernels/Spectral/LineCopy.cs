using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Kernels.Spectral;

/// <summary>Moves lines between tensors of float32 or float64 and planes: whole registers, then what is left one by one.</summary>
internal static unsafe class LineCopy
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Complex numbers, or neighbours of real ones, with zeros behind them up to a length.</summary>
    [MethodImpl(Hot)]
    public static void LoadPairs<V, T>(T* from, nint count, Planes to, nint length)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            (V re, V im) = V.Unzip(V.Load(from + (2 * i)), V.Load(from + (2 * i) + V.Count));
            re.Store(to.Re + i);
            im.Store(to.Im + i);
        }

        for (; i < count; i++)
        {
            Reals1.Load(from + (2 * i)).Store(to.Re + i);
            Reals1.Load(from + (2 * i) + 1).Store(to.Im + i);
        }

        Clear(to.Re + count, length - count);
        Clear(to.Im + count, length - count);
    }

    [MethodImpl(Hot)]
    public static void StorePairs<V, T>(Planes from, T* to, nint count, double scale)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        V factor = V.Create(scale);
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            (V low, V high) = V.Zip(V.Load(from.Re + i) * factor, V.Load(from.Im + i) * factor);
            low.Store(to + (2 * i));
            high.Store(to + (2 * i) + V.Count);
        }

        for (; i < count; i++)
        {
            (Reals1.Load(from.Re + i) * Reals1.Create(scale)).Store(to + (2 * i));
            (Reals1.Load(from.Im + i) * Reals1.Create(scale)).Store(to + (2 * i) + 1);
        }
    }

    /// <summary>Real numbers, with zeros behind them up to a length.</summary>
    [MethodImpl(Hot)]
    public static void Load<V, T>(T* from, nint count, double* to, nint length)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
            V.Load(from + i).Store(to + i);
        for (; i < count; i++)
            Reals1.Load(from + i).Store(to + i);
        Clear(to + count, length - count);
    }

    [MethodImpl(Hot)]
    public static void Store<V, T>(double* from, T* to, nint count, double scale)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
            (V.Load(from + i) * V.Create(scale)).Store(to + i);
        for (; i < count; i++)
            (Reals1.Load(from + i) * Reals1.Create(scale)).Store(to + i);
    }

    public static void Clear(double* p, nint count) => NativeMemory.Clear(p, (nuint)count * sizeof(double));
}
