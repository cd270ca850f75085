using Decant.IR;
using Decant.Ops.Catalogue;
using Decant.Ops.TFLite.Catalogue;

namespace Decant.Ops;

/// <summary>A node's attributes by kind, with the catalogue's defaults for those that are not given.</summary>
public readonly struct NodeAttributes(Node node)
{
    /// <summary>The value of an attribute or its default; null when there is neither.</summary>
    public AttrValue? Find(string name)
    {
        if (node.Op.Dialect != Dialect.TFLite)
            return node.Attributes[name] ?? OpCatalogue.Find(node.Op.Name)?.Attribute(name)?.Default;
        bool hasOtherOptions = node.Attributes.Contains(TFLiteParts.OptionsTable) && TFLiteCatalogue.Find(node.Op.Name)?.Options is not null;
        return (hasOtherOptions ? null : node.Attributes[name]) ?? TFLiteCatalogue.Default(node.Op.Name, name);
    }

    /// <summary>Whether the node gives the attribute or it has a default.</summary>
    public bool Has(string name) => Find(name) is not (null or EmptyAttr);

    public long Int(string name) => Get<IntAttr>(name, "an integer").Value;

    public float Float(string name) => Get<FloatAttr>(name, "a float").Value;

    public bool Bool(string name) => Get<BoolAttr>(name, "a bool").Value;

    public string String(string name) => Get<StringAttr>(name, "a string").Text;

    /// <summary>A string attribute as its bytes.</summary>
    public ReadOnlyMemory<byte> Bytes(string name) => Get<StringAttr>(name, "a string").Bytes;

    public DType Type(string name) => Get<TypeAttr>(name, "a type").Value.Deref();

    public Shape Shape(string name) => Get<ShapeAttr>(name, "a shape").Value;

    public Tensor Tensor(string name) => Get<TensorAttr>(name, "a tensor").Value;

    public FunctionAttr Function(string name) => Get<FunctionAttr>(name, "a function");

    public IReadOnlyList<long> Ints(string name) => Get<ListAttr>(name, "a list of integers").Ints;

    public IReadOnlyList<float> Floats(string name) => Get<ListAttr>(name, "a list of floats").Floats;

    public IReadOnlyList<DType> Types(string name) => Get<ListAttr>(name, "a list of types").Types;

    public IReadOnlyList<string> Strings(string name) => [.. Get<ListAttr>(name, "a list of strings").Strings.Select(s => System.Text.Encoding.UTF8.GetString(s.Span))];

    public IReadOnlyList<Shape> Shapes(string name) => [.. Get<ListAttr>(name, "a list of shapes").Shapes.Select(s => s.Value)];

    public IReadOnlyList<FunctionAttr> Functions(string name) => Get<ListAttr>(name, "a list of functions").Functions;

    private T Get<T>(string name, string kind)
        where T : AttrValue =>
        Find(name) switch
        {
            T value => value,
            null => throw GraphErrors.BadAttribute.At(node.At(name), $"is missing, expected {kind}"),
            AttrValue other => throw GraphErrors.BadAttribute.At(node.At(name), $"is a {other.GetType().Name.Replace("Attr", "", StringComparison.Ordinal).ToLowerInvariant()}, expected {kind}"),
        };
}
