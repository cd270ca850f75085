using System.Globalization;

namespace Decant.IR.TextForm;

/// <summary>Parses attributes and types.</summary>
internal sealed class AttributeParser(TextTokens tokens)
{
    private const int MaxDepth = 64;

    private int _depth;

    public AttributeMap Optional()
    {
        var attributes = new AttributeMap();
        if (tokens.Word == "{")
            Read(attributes);
        return attributes;
    }

    public DType Type()
    {
        if (!tokens.IsName || !DTypes.TryParse(tokens.Word!, out DType dtype))
            throw tokens.Fail($"expected a type, found '{tokens.Word}'");
        tokens.Next();
        return dtype;
    }

    private void Read(AttributeMap attributes)
    {
        tokens.Expect("{");
        tokens.Items("}", () =>
        {
            string name = tokens.Name("an attribute's name");
            tokens.Expect(":");
            attributes.Set(name, Value());
        });
    }

    private AttrValue Value()
    {
        if (++_depth > MaxDepth)
            throw tokens.Fail($"attributes are nested more than {MaxDepth} deep");
        AttrValue value = tokens.Bytes is not null ? new StringAttr(tokens.String())
            : tokens.Skip("[") ? List()
            : tokens.Skip("@") ? new FunctionAttr(tokens.Name("a function's name"), Optional())
            : tokens.Skip("$") ? new PlaceholderAttr(tokens.Name("an attribute's name"))
            : Word();
        _depth--;
        return value;
    }

    private AttrValue Word()
    {
        string word = tokens.Word is { } w && tokens.IsName ? w : throw tokens.Fail($"expected an attribute's value, found '{tokens.Word}'");
        if (DTypes.TryParse(word, out DType dtype))
        {
            tokens.Next();
            return tokens.Skip("[") ? Tensor(dtype) : dtype;
        }

        if (word[^1] == 'f' && Float(word[..^1]) is { } single)
        {
            tokens.Next();
            return (float)single;
        }

        if (tokens.Skip("none"))
            return EmptyAttr.Instance;
        if (tokens.Skip("true"))
            return true;
        if (tokens.Skip("false"))
            return false;
        if (tokens.Skip("shape"))
            return Shape();
        return tokens.Integer();
    }

    private Shape Shape()
    {
        if (tokens.Skip("?"))
            return Decant.Shape.Unknown;
        tokens.Expect("[");
        return Dims();
    }

    private Shape Dims()
    {
        var dims = new List<long>();
        tokens.Items("]", () => dims.Add(tokens.Skip("?") ? Decant.Shape.UnknownDimension : tokens.Integer()));
        return new Shape(dims.ToArray());
    }

    private TensorAttr Tensor(DType dtype)
    {
        Shape shape = Dims();
        if (tokens.Word == "~")
            throw tokens.Fail("the contents of a tensor were left out of the text", "print it in full");
        tokens.Expect("{");
        return new TensorAttr(TextTensor.Read(tokens, dtype, shape));
    }

    private ListAttr List()
    {
        var items = new List<AttrValue>();
        tokens.Items("]", () => items.Add(Value()));
        if (items.Exists(i => i.GetType() != items[0].GetType()))
            throw tokens.Fail("a list has elements of several kinds");
        return new ListAttr
        {
            Strings = [.. items.OfType<StringAttr>().Select(i => i.Bytes)],
            Ints = [.. items.OfType<IntAttr>().Select(i => i.Value)],
            Floats = [.. items.OfType<FloatAttr>().Select(i => i.Value)],
            Bools = [.. items.OfType<BoolAttr>().Select(i => i.Value)],
            Types = [.. items.OfType<TypeAttr>().Select(i => i.Value)],
            Shapes = [.. items.OfType<ShapeAttr>()],
            Tensors = [.. items.OfType<TensorAttr>()],
            Functions = [.. items.OfType<FunctionAttr>()],
        };
    }

    internal static double? Float(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null,
    };
}
