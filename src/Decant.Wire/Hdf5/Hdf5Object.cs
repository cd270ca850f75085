using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>A group or dataset.</summary>
public abstract class Hdf5Object
{
    private Dictionary<string, Tensor>? _attributes;

    private protected Hdf5Object(Hdf5File file, Hdf5Header header) => (File, Header) = (file, header);

    /// <summary>The path from the root, such as <c>/model_weights/dense</c>.</summary>
    public string Path => Header.Path;

    /// <summary>The attributes by name; those of types that no tensor has are left out.</summary>
    /// <exception cref="ModelException">They are malformed.</exception>
    public IReadOnlyDictionary<string, Tensor> Attributes => _attributes ??= Hdf5Attributes.Read(File.Image, File.Heap, Header);

    internal ulong Address => Header.Address;

    private protected Hdf5File File { get; }

    private protected Hdf5Header Header { get; }

    /// <summary>The text of an attribute that is one text; null when there is none.</summary>
    public string? Text(string attribute) =>
        Attributes.TryGetValue(attribute, out Tensor? value) && value is { DType: DType.String, ElementCount: 1 } ? Encoding.UTF8.GetString(value.Strings[0].Span) : null;

    /// <summary>
    /// The texts of an attribute that is a list of them. Keras splits long ones: <c>names0</c>, <c>names1</c> and so on. Null when
    /// there is none. An empty list is stored as numbers.
    /// </summary>
    public IReadOnlyList<string>? Texts(string attribute)
    {
        if (Attributes.TryGetValue(attribute, out Tensor? whole))
            return Texts(whole);
        if (!Attributes.TryGetValue(attribute + "0", out Tensor? part))
            return null;
        var texts = new List<string>();
        for (int i = 1; part is not null; i++)
        {
            texts.AddRange(Texts(part));
            part = Attributes.GetValueOrDefault($"{attribute}{i}");
        }

        return texts;
    }

    private static IEnumerable<string> Each(Tensor value)
    {
        for (int i = 0; i < value.ElementCount; i++)
            yield return Encoding.UTF8.GetString(value.Strings[i].Span);
    }

    private static List<string> Texts(Tensor value) => value.DType == DType.String ? [.. Each(value)] : [];
}
