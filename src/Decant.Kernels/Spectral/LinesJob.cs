using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Spectral;

/// <summary>Transforms of lines that do not depend on one another.</summary>
internal interface ILines
{
    void Run<V>(int start, int end)
        where V : unmanaged, IReals<V>;
}

/// <summary>Shares lines among threads, in registers of the width in force.</summary>
internal static class LinesJob
{
    public static void For<TLines>(TLines lines, int count, int grain, WorkerPool pool)
        where TLines : struct, ILines
    {
        switch (LaneWidth.Current)
        {
            case >= 512:
                pool.For(count, grain, new Job<Reals8, TLines>(lines));
                break;
            case >= 256:
                pool.For(count, grain, new Job<Reals4, TLines>(lines));
                break;
            case >= 128:
                pool.For(count, grain, new Job<Reals2, TLines>(lines));
                break;
            default:
                pool.For(count, grain, new Job<Reals1, TLines>(lines));
                break;
        }
    }

    private readonly struct Job<V, TLines>(TLines lines) : IRangeJob
        where V : unmanaged, IReals<V>
        where TLines : struct, ILines
    {
        public void Run(int start, int end) => lines.Run<V>(start, end);
    }
}
