using Decant.IR;

namespace Decant.Lowering;

/// <summary>
/// Results of signatures that are an input itself, or one tensor for several outputs, get an operator that copies. TensorFlow Lite's interpreter
/// takes them as they are; LiteRT leaves the output of the former unwritten, and loses all but one of the latter.
/// </summary>
internal static class OutputCopies
{
    public static void Insert(Model model, IEnumerable<Signature> signatures)
    {
        foreach (Signature signature in signatures)
            Insert((Function)(signature.Function is { } name ? model.Functions[name] : model.Graph));
    }

    private static void Insert(Function function)
    {
        var written = new HashSet<Value>();
        for (int i = 0; i < function.Results.Count; i++)
        {
            (FunctionArg result, Value value) = function.Results[i];
            if (function.ArgNodes.Contains(value.Node) || !written.Add(value))
                function.Results[i] = (result, Copy(function, value));
        }
    }

    // RESHAPE copies elements of all types. Where more than one size is open, it is given the sizes as they are found.
    private static Node Copy(Function function, Value value)
    {
        Fact fact = value.Node.Fact(value.Port);
        Node Operator(string op, Value[] inputs, AttributeMap? options, Fact made)
        {
            Node node = function.Add(function.FreeName($"{value.Node.Name}/{op}"), new OpName(Dialect.TFLite, op), inputs, options);
            node.Facts = [made];
            return node;
        }

        long[] dims = fact.Shape.HasRank ? fact.Shape.Dims.ToArray() : [];
        bool isFixed = fact.Shape.HasRank && dims.Count(d => d < 0) <= 1 && dims.All(d => d <= int.MaxValue);
        Node shape;
        if (isFixed)
        {
            Tensor sizes = Tensor.Wrap(Array.ConvertAll(dims, d => (int)d));
            shape = function.AddConst(function.FreeName($"{value.Node.Name}/shape"), sizes);
            shape.Facts = [Fact.Of(sizes)];
        }
        else
        {
            shape = Operator("SHAPE", [value], new() { { "out_type", DType.Int32 } }, new Fact(DType.Int32, fact.Shape.HasRank ? new Shape(fact.Shape.Rank) : new Shape(-1)));
        }

        AttributeMap? options = isFixed ? new() { { "new_shape", new ListAttr { Ints = dims } } } : null;
        return Operator("RESHAPE", [value, shape], options, fact with { Constant = null });
    }
}
