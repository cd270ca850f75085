namespace Decant.Kernels.Gemm;

/// <summary>The rows of A of a product, tile by tile: a matrix, or the windows of a convolution.</summary>
internal unsafe interface ITileRows
{
    int Tiles { get; }

    /// <summary>Pointers that make up a row of A.</summary>
    int Segments { get; }

    /// <summary>Values behind each of them.</summary>
    int Run { get; }

    /// <summary>Elements from a row of A to that of the next tile, as a rule.</summary>
    int Ahead { get; }

    /// <summary>Memory of the calling thread for <see cref="Place"/> of as many tiles at once, or null; of <see cref="Scratch"/> slot 3.</summary>
    float* Begin(int tiles);

    /// <summary>
    /// Writes the pointers of consecutive tiles, those of a segment <see cref="GemmKernel.PointerRows"/> apart and those of a tile <paramref name="tileFloats"/>,
    /// the number of rows of each, and where the first of them lies in C, in elements. What they point at is there at the same time.
    /// </summary>
    void Place(int tile, int tiles, float** rows, nint tileFloats, float* memory, int* sizes, nint* targets);
}
