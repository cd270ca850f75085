namespace Decant.Wire.Hdf5;

/// <summary>What an HDF5 file may hold. Bounds are far above what any model has.</summary>
internal static class Hdf5Limits
{
    /// <summary>HDF5's own most dimensions of a dataspace.</summary>
    public const int Rank = 32;

    /// <summary>Most bytes of a structure other than a dataset's values: a header block, a heap, an attribute.</summary>
    public const int StructureBytes = 1 << 28;

    /// <summary>Most nodes, blocks and headers that are read of one file: 2^22 links of 40 bytes are more than 160 MB of names.</summary>
    public const int Structures = 1 << 22;

    /// <summary>Most messages of one object.</summary>
    public const int Messages = 1 << 18;

    /// <summary>Most soft links that lead to another soft link, and most levels of groups.</summary>
    public const int Depth = 64;

    /// <summary>Bytes that unpack from any file: chunks of zeros pack well.</summary>
    public const long RatioFreeBytes = 1L << 28;

    /// <summary>Most unpacked bytes per byte of the file beyond that.</summary>
    public const int Ratio = 200;
}
