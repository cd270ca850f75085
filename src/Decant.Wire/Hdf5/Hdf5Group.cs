namespace Decant.Wire.Hdf5;

/// <summary>A group: objects by name.</summary>
public sealed class Hdf5Group : Hdf5Object
{
    private SortedDictionary<string, Hdf5Link>? _links;

    internal Hdf5Group(Hdf5File file, Hdf5Header header)
        : base(file, header)
    {
    }

    /// <summary>The names of what it holds, in bytewise order.</summary>
    /// <exception cref="ModelException">The group is malformed.</exception>
    public IReadOnlyCollection<string> Names => Links.Keys;

    private SortedDictionary<string, Hdf5Link> Links => _links ??= Hdf5Links.Read(File.Image, Header);

    /// <summary>The object at a path from here, such as <c>dense/kernel:0</c>; null when there is none.</summary>
    /// <exception cref="ModelException">It or the way to it is malformed.</exception>
    public Hdf5Object? this[string path] => Find(path, 0);

    /// <summary>All datasets below, with their paths from here, each object once.</summary>
    /// <exception cref="ModelException">What is below is malformed.</exception>
    public IReadOnlyList<Hdf5Dataset> Datasets()
    {
        var datasets = new List<Hdf5Dataset>();
        Collect(this, [Header.Address], datasets, 0);
        return datasets;
    }

    internal Hdf5Object? Find(string path, int softLinks)
    {
        Hdf5Object? at = path.StartsWith('/') ? File.Root : this;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".")
                continue;
            if (at is not Hdf5Group group || !group.Links.TryGetValue(name, out Hdf5Link link))
                return null;
            if (link.SoftPath is null)
                at = File.Open(link.Address, $"{(group.Path == "/" ? "" : group.Path)}/{name}");
            else if (softLinks >= Hdf5Limits.Depth)
                throw WireErrors.Hdf5Malformed.At(new Location(File.Image.Bytes.Name), $"soft links lead from {group.Path} in a circle", "write the file again with h5py");
            else
                at = group.Find(link.SoftPath, softLinks + 1);
        }

        return at;
    }

    private static void Collect(Hdf5Group group, HashSet<ulong> visited, List<Hdf5Dataset> datasets, int depth)
    {
        if (depth > Hdf5Limits.Depth)
            throw WireErrors.TooDeep.At(new Location(group.File.Image.Bytes.Name), $"groups are nested deeper than the {Hdf5Limits.Depth} levels that are allowed");
        foreach (string name in group.Names)
        {
            if (group[name] is not { } found || !visited.Add(found.Address))
                continue;
            if (found is Hdf5Dataset dataset)
                datasets.Add(dataset);
            else
                Collect((Hdf5Group)found, visited, datasets, depth + 1);
        }
    }
}
