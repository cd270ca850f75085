using System.Runtime.InteropServices;

namespace Decant.Kernels.Spectral;

/// <summary>Two planes that a transform goes back and forth between: in the thread's <see cref="Scratch"/>, unless that would keep very much for good.</summary>
internal readonly unsafe ref struct LineMemory
{
    private const long LargestKept = 1 << 24;

    // Parts of powers of two would lie in the same sets of the first cache, so each begins some lines later.
    private const int Skew = 24;

    private readonly double* _own;

    public LineMemory(long room)
    {
        long step = ((room + 7) & ~7L) + Skew, bytes = 4 * step * sizeof(double);
        double* memory = bytes <= LargestKept ? Scratch.Get<double>(4 * step, 2) : _own = (double*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        Data = new(memory, memory + step);
        Work = new(memory + (2 * step), memory + (3 * step));
    }

    public Planes Data { get; }

    public Planes Work { get; }

    public void Dispose() => NativeMemory.AlignedFree(_own);
}
