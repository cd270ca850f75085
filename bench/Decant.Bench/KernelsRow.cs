using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>What a kernel's rate is divided by.</summary>
internal enum KernelsLimit
{
    /// <summary>Nothing: elements per second.</summary>
    None,

    /// <summary>Multiply-adds of the machine.</summary>
    Fma,

    /// <summary>Dot products of the machine's widest instruction for bytes.</summary>
    Dot,

    /// <summary>Plain reads of as many bytes, in turn with the kernel.</summary>
    Read,

    /// <summary>A memcpy that moves as many bytes, read and written ones counted, in turn with the kernel.</summary>
    Copy,
}

/// <summary>A row of the table: one kernel on one shape. <paramref name="Work"/> is operations, bytes moved or elements, as the limit says.</summary>
internal sealed record KernelsRow(string Kernel, string Shape, KernelsLimit Limit, double Work, string Goal, Action<WorkerPool> Run);
