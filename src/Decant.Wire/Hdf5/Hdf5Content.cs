using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>What is to be written for a group or dataset: its attributes.</summary>
public abstract class Hdf5Content
{
    /// <summary>The most bytes of an array of names in one attribute; Keras splits longer ones into <c>names0</c>, <c>names1</c>, ...</summary>
    public const int NamesLimit = 64512;

    internal List<(string Name, object Value)> Attributes { get; } = [];

    /// <summary>Adds an attribute that is one text of any length.</summary>
    public void SetText(string name, string text) => Attributes.Add((name, text));

    /// <summary>Adds an attribute that is an array; texts get a fixed length, so that all of them take at most <see cref="NamesLimit"/> bytes.</summary>
    public void Set(string name, Tensor value) => Attributes.Add((name, value));

    /// <summary>Adds an attribute that is a list of texts, split as Keras does when it is long. An empty list is stored as numbers, as h5py does.</summary>
    public void SetTexts(string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            Set(name, Tensor.Wrap(Array.Empty<double>()));
            return;
        }

        int longest = Math.Max(1, texts.Max(t => Encoding.UTF8.GetByteCount(t)));
        int each = Math.Max(1, NamesLimit / longest);
        if (texts.Count <= each)
        {
            Set(name, Tensor.FromStrings(texts));
            return;
        }

        for (int i = 0, at = 0; at < texts.Count; i++, at += each)
            Set($"{name}{i}", Tensor.FromStrings([.. texts.Skip(at).Take(each)]));
    }
}

/// <summary>A group to be written.</summary>
public sealed class Hdf5GroupContent : Hdf5Content
{
    internal SortedDictionary<string, Hdf5Content> Children { get; } = new(NameOrder.Instance);

    /// <summary>The group of this name, added if it is not there.</summary>
    /// <exception cref="ArgumentException">There is a dataset of this name.</exception>
    public Hdf5GroupContent Group(string name)
    {
        if (!Children.TryGetValue(name, out Hdf5Content? child))
            Children.Add(name, child = new Hdf5GroupContent());
        return child as Hdf5GroupContent ?? throw new ArgumentException($"'{name}' is a dataset", nameof(name));
    }

    /// <summary>Adds a dataset at a path, and the groups on the way to it.</summary>
    /// <exception cref="ArgumentException">The path is empty, or something of that name is there.</exception>
    public Hdf5DatasetContent Add(string path, Tensor value) => Add(path, new Hdf5DatasetContent(value.DType, value.Shape, value, () => [value.Data]));

    /// <summary>Adds a dataset whose bytes are asked for when they are written, in pieces; the type is not that of texts.</summary>
    /// <exception cref="ArgumentException">The path is empty, or something of that name is there.</exception>
    public Hdf5DatasetContent Add(string path, DType dtype, Shape shape, Func<IReadOnlyList<BufferSlice>> pieces) => Add(path, new Hdf5DatasetContent(dtype, shape, null, pieces));

    private Hdf5DatasetContent Add(string path, Hdf5DatasetContent dataset)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Hdf5GroupContent group = this;
        if (parts.Length == 0)
            throw new ArgumentException("the path is empty", nameof(path));
        foreach (string part in parts[..^1])
            group = group.Group(part);
        group.Children.Add(parts[^1], dataset);
        return dataset;
    }

    /// <summary>By the bytes of the names, as symbol tables are sorted.</summary>
    private sealed class NameOrder : IComparer<string>
    {
        public static readonly NameOrder Instance = new();

        public int Compare(string? a, string? b) => Encoding.UTF8.GetBytes(a ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b ?? ""));
    }
}

/// <summary>A dataset to be written.</summary>
public sealed class Hdf5DatasetContent : Hdf5Content
{
    internal Hdf5DatasetContent(DType dtype, Shape shape, Tensor? texts, Func<IReadOnlyList<BufferSlice>> pieces) => (DType, Shape, Texts, Pieces) = (dtype, shape, texts, pieces);

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>The values, if they are at hand; those of texts are.</summary>
    internal Tensor? Texts { get; }

    /// <summary>Gives the bytes of the values.</summary>
    internal Func<IReadOnlyList<BufferSlice>> Pieces { get; }
}
