namespace Decant.Wire.Hdf5;

/// <summary>
/// An HDF5 file, as h5py and Keras write them: groups of datasets and attributes. Opening reads the root group's header alone; the
/// rest is read as it is asked for, and values are not copied where they lie together.
/// </summary>
public sealed class Hdf5File
{
    private readonly Dictionary<ulong, Hdf5Object> _objects = [];

    private Hdf5File(Hdf5Image image, ulong root)
    {
        (Image, Heap) = (image, new Hdf5GlobalHeap(image));
        Root = Open(root, "/") as Hdf5Group ?? throw image.Malformed((long)Math.Min(root, long.MaxValue), "the root of the file is not a group");
    }

    /// <summary>The outermost group.</summary>
    public Hdf5Group Root { get; }

    internal Hdf5Image Image { get; }

    internal Hdf5GlobalHeap Heap { get; }

    /// <summary>Whether the bytes begin as an HDF5 file, or hold one behind a block of the user.</summary>
    public static bool IsHdf5(BufferSlice file) => Hdf5Superblock.Find(file) >= 0;

    /// <summary>Reads the start of a file.</summary>
    /// <exception cref="ModelException">It is no HDF5 file, or is damaged.</exception>
    public static Hdf5File Open(BufferSlice file)
    {
        (Hdf5Image image, ulong root) = Hdf5Superblock.Read(file);
        return new Hdf5File(image, root);
    }

    /// <summary>The object at an address; each is read once, and has the path by which it was first found.</summary>
    internal Hdf5Object Open(ulong address, string path)
    {
        if (_objects.TryGetValue(address, out Hdf5Object? known))
            return known;
        var header = Hdf5Header.Read(Image, address, path);
        Hdf5Object opened = Hdf5Links.IsGroup(header) ? new Hdf5Group(this, header)
            : header.Find(Hdf5MessageType.Layout) is not null ? new Hdf5Dataset(this, header)
            : throw Image.Unsupported((long)Math.Min(address, long.MaxValue), $"{path} is neither a group nor a dataset");
        _objects.Add(address, opened);
        return opened;
    }
}
