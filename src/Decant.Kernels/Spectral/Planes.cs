namespace Decant.Kernels.Spectral;

/// <summary>Complex numbers whose real parts lie together, and their imaginary parts.</summary>
internal readonly unsafe struct Planes(double* re, double* im)
{
    public readonly double* Re = re;
    public readonly double* Im = im;

    /// <summary>Both exchanged. The transform of exchanged planes, exchanged again, is the inverse times the length.</summary>
    public Planes Swapped => new(Im, Re);
}
