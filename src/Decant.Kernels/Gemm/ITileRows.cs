namespace Decant.Kernels.Gemm;

/// <summary>The rows of A of a product, tile by tile: a matrix, or the windows of a convolution.</summary>
internal unsafe interface ITileRows
{
    int Tiles { get; }

    /// <summary>Pointers that make up a row of A.</summary>
    int Segments { get; }

    /// <summary>Values behind each of them.</summary>
    int Run { get; }

    /// <summary>Memory of the calling thread for <see cref="Place"/>, or null; of <see cref="Scratch"/> slot 3.</summary>
    float* Begin();

    /// <summary>
    /// Writes the pointers of a tile, those of a segment <see cref="GemmKernel.MostRows"/> apart. Gives the number of rows, and where the first of them
    /// lies in C, in elements.
    /// </summary>
    int Place(int tile, float** rows, float* memory, out nint target);
}
