using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>
/// A group of an archive's weights. Keras 2 on Windows joined the names of groups with backslashes: <c>layers\dense</c> is one group in the
/// root of the file, and here <c>dense</c> in <c>layers</c>.
/// </summary>
internal sealed class ArchiveGroup
{
    /// <summary>Names that one name is split into at most; each group holds its path.</summary>
    private const int Deepest = 32;

    private readonly SortedDictionary<string, ArchiveGroup> _joined = new(StringComparer.Ordinal);
    private Hdf5Group? _stored;

    private ArchiveGroup(Hdf5Group? stored, string path) => (_stored, Path) = (stored, path);

    /// <summary>The names of its groups, joined by slashes, from the root.</summary>
    public string Path { get; }

    /// <summary>The names of the groups in it.</summary>
    public IEnumerable<string> Names => (_stored?.Names ?? []).Where(n => !n.Contains('\\', StringComparison.Ordinal)).Concat(_joined.Keys);

    /// <summary>The weights that it has itself, by their numbers; null when it has none.</summary>
    public Hdf5Group? Vars => _stored?["vars"] as Hdf5Group;

    /// <summary>The group at a path from here; null when there is none.</summary>
    public ArchiveGroup? this[string path]
    {
        get
        {
            ArchiveGroup? at = this;
            foreach (string name in path.Split('/'))
                at = at?._joined.GetValueOrDefault(name) ?? (at?._stored?[name] is Hdf5Group group ? new ArchiveGroup(group, Join(at.Path, name)) : null);
            return at;
        }
    }

    /// <summary>The root of a file, or a group that is read as one.</summary>
    public static ArchiveGroup Of(Hdf5Group root)
    {
        var top = new ArchiveGroup(root, "");
        foreach (string joined in root.Names.Where(n => n.Contains('\\', StringComparison.Ordinal)))
        {
            ArchiveGroup at = top;
            foreach (string name in joined.Split('\\', Deepest))
            {
                if (!at._joined.TryGetValue(name, out ArchiveGroup? inner))
                    at._joined.Add(name, inner = new ArchiveGroup(at._stored?[name] as Hdf5Group, Join(at.Path, name)));
                at = inner;
            }

            at._stored = root[joined] as Hdf5Group;
        }

        return top;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";
}
