namespace Decant.Kernels.Spectral;

/// <summary>Lines of real numbers to their spectra.</summary>
internal readonly unsafe struct RealRows<TIn, TOut>(TIn* x, int columns, TOut* y, RealFourierTransform real) : ILines
    where TIn : unmanaged
    where TOut : unmanaged
{
    public void Run<V>(int start, int end)
        where V : unmanaged, IReals<V>
    {
        nint length = real.Length, bins = real.Bins, read = Math.Min(columns, length);
        using var memory = new LineMemory(real.Room);
        for (int line = start; line < end; line++)
        {
            (Planes data, Planes work) = (memory.Data, memory.Work);
            TIn* from = x + ((nint)line * columns);
            TOut* to = y + (2 * line * bins);
            if (real.Half is { } half)
            {
                LineCopy.LoadPairs<V, TIn>(from, read / 2, data, length / 2);
                if (read % 2 != 0)
                    Reals1.Load(from + read - 1).Store(data.Re + (read / 2));
                real.Transform.Run(ref data, ref work, 1, V.Count);
                half.Store<V, TOut>(data, to);
            }
            else
            {
                LineCopy.Load<V, TIn>(from, read, data.Re, length);
                LineCopy.Clear(data.Im, length);
                real.Transform.Run(ref data, ref work, 1, V.Count);
                LineCopy.StorePairs<V, TOut>(data, to, bins, 1);
            }
        }
    }
}

/// <summary>Spectra of lines of real numbers back to them.</summary>
internal readonly unsafe struct SpectrumRows<TIn, TOut>(TIn* x, int columns, TOut* y, RealFourierTransform real) : ILines
    where TIn : unmanaged
    where TOut : unmanaged
{
    public void Run<V>(int start, int end)
        where V : unmanaged, IReals<V>
    {
        nint length = real.Length, bins = real.Bins;
        using var memory = new LineMemory(real.Room);
        for (int line = start; line < end; line++)
        {
            (Planes data, Planes work) = (memory.Data, memory.Work);
            LineCopy.LoadPairs<V, TIn>(x + (2 * (nint)line * columns), Math.Min(columns, bins), data, bins);
            data.Im[0] = 0;
            TOut* to = y + (line * length);
            if (real.Half is { } half)
            {
                data.Im[length / 2] = 0;
                half.Fold<V>(data, work, 2.0 / length);
                (data, work) = (work.Swapped, data.Swapped);
                real.Transform.Run(ref data, ref work, 1, V.Count);
                LineCopy.StorePairs<V, TOut>(data.Swapped, to, length / 2, 1);
            }
            else
            {
                for (nint k = bins; k < length; k++)
                    (data.Re[k], data.Im[k]) = (data.Re[length - k], -data.Im[length - k]);
                (data, work) = (data.Swapped, work.Swapped);
                real.Transform.Run(ref data, ref work, 1, V.Count);
                LineCopy.Store<V, TOut>(data.Im, to, length, 1.0 / length);
            }
        }
    }
}
