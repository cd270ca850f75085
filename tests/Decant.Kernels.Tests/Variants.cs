using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests;

/// <summary>Runs a test body once per row of a kernel table that this processor supports.</summary>
internal static class Variants
{
    public static void EachWidth(Action<string> body)
    {
        foreach (LaneWidth.Row row in LaneWidth.Rows)
        {
            if (row.IsSupported)
                Width(row.Name, () => body(row.Name));
        }
    }

    public static void Width(string name, Action body)
    {
        LaneWidth.OverrideForTest(LaneWidth.Rows.Single(r => r.Name == name).Bits);
        try
        {
            body();
        }
        finally
        {
            LaneWidth.OverrideForTest(null);
        }
    }

    public static void EachGemm(Action<string> body)
    {
        foreach (GemmKernel row in GemmKernel.Rows)
        {
            if (row.IsSupported)
                Gemm(row.Name, () => body(row.Name));
        }
    }

    public static void Gemm(string name, Action body)
    {
        GemmKernel.OverrideForTest(GemmKernel.Rows.Single(r => r.Name == name));
        try
        {
            body();
        }
        finally
        {
            GemmKernel.OverrideForTest(null);
        }
    }

    public static void EachDot(Action<string> body)
    {
        foreach (DotKernel row in DotKernel.Rows)
        {
            if (row.IsSupported)
                Dot(row.Name, () => body(row.Name));
        }
    }

    public static void Dot(string name, Action body)
    {
        DotKernel.OverrideForTest(DotKernel.Rows.Single(r => r.Name == name));
        try
        {
            body();
        }
        finally
        {
            DotKernel.OverrideForTest(null);
        }
    }

    /// <summary>Asserts that <paramref name="compute"/> gives the same bits on 1, 2 and 3 threads.</summary>
    public static void SameOnAnyThreads(Func<WorkerPool, float[]> compute, string what)
    {
        float[] one = compute(WorkerPool.Inline);
        for (int threads = 2; threads <= 3; threads++)
        {
            using WorkerPool pool = new(threads);
            for (int repeat = 0; repeat < 3; repeat++)
                Close.Identical(one, compute(pool), $"{what} on {threads} threads");
        }
    }
}
