using System.Runtime.InteropServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>
/// B[K,N] of a float32 product, stored for the micro-kernel in force: panels of a few registers of columns, each [K][its columns],
/// the last padded with zeros, 64-byte aligned. Made once for constant weights.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private void* memory;

    private PackedMatrix(int k, int n, GemmKernel kernel)
    {
        K = k;
        N = n;
        Kernel = kernel;
        Bytes = checked(kernel.Panels(n).Floats(k) * sizeof(float));
        memory = NativeMemory.AlignedAlloc((nuint)Math.Max(64, Bytes), 64);
    }

    ~PackedMatrix() => Free();

    public int K { get; }

    public int N { get; }

    /// <summary>Bytes of memory that it takes: those of its elements and of the padding.</summary>
    public long Bytes { get; }

    /// <summary>The kernel for which B is packed.</summary>
    internal GemmKernel Kernel { get; }

    internal float* Data => (float*)memory;

    /// <summary>Packs B, stored [K,N], or [N,K] when <paramref name="transposed"/>.</summary>
    public static PackedMatrix Pack(ReadOnlySpan<float> b, int k, int n, bool transposed = false)
    {
        Guard.Length(b, (long)k * n);
        PackedMatrix packed = new(k, n, GemmKernel.Current);
        fixed (float* pb = b)
            Packing.Panels(pb, transposed ? 1 : n, transposed ? k : 1, k, packed.Kernel.Panels(n), packed.Data, WorkerPool.Inline);
        return packed;
    }

    /// <summary>Packs K rows and N columns out of a larger row-major matrix whose rows are <paramref name="stride"/> apart.</summary>
    internal static PackedMatrix Pack(float* b, long stride, int k, int n)
    {
        PackedMatrix packed = new(k, n, GemmKernel.Current);
        Packing.Panels(b, stride, 1, k, packed.Kernel.Panels(n), packed.Data, WorkerPool.Inline);
        return packed;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
