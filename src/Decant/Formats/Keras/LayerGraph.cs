using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Formats.Keras;

/// <summary>Adds ops to a graph, with the attributes that follow from their inputs and what is known of their outputs.</summary>
internal sealed class LayerGraph(Graph graph, Dictionary<string, Function> functions)
{
    public Graph Graph { get; } = graph;

    public Dictionary<string, Function> Functions { get; } = functions;

    /// <summary>The nodes that fill lookup tables before the first run.</summary>
    public List<string> Initializers { get; } = [];

    public Value Const(string name, Tensor value)
    {
        Node node = Graph.AddConst(Graph.FreeName(name), value);
        node.Facts = [Fact.Of(value)];
        return node;
    }

    /// <summary>A constant that is decoded when it is asked for.</summary>
    public Value Const(string name, TensorAttr value)
    {
        Node node = Graph.Add(Graph.FreeName(name), "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", value } });
        node.Facts = [new Fact(value.DType, value.Shape)];
        return node;
    }

    public Value Ints(string name, params int[] values) => Const(name, Tensor.Wrap(values));

    public Value Int(string name, int value) => Const(name, Tensor.Scalar(value));

    /// <summary>A float of the type of another value.</summary>
    public Value Like(Value other, string name, float value) => Const(name, DTypeOf(other) switch
    {
        DType.Float64 => Tensor.Scalar((double)value),
        DType.Float16 => Tensor.Scalar((Half)value),
        DType.BFloat16 => Tensor.Scalar((BFloat16)value),
        DType.Int32 => Tensor.Scalar((int)value),
        DType.Int64 => Tensor.Scalar((long)value),
        _ => Tensor.Scalar(value),
    });

    public static Shape ShapeOf(Value value) => value.Node.Fact(value.Port).Shape;

    public static DType DTypeOf(Value value) => value.Node.Fact(value.Port).DType;

    /// <summary>Adds an op. Attributes that are types and counts of inputs are set from these.</summary>
    public Value Add(string op, string name, AttributeMap? attributes, params ReadOnlySpan<Value> inputs)
    {
        Node node = Graph.Add(Graph.FreeName(name), op, inputs, attributes ?? []);
        OpDef definition = OpCatalogue.Find(op)!;
        int at = 0;
        foreach (ArgDef arg in definition.Inputs)
        {
            int rest = inputs.Length - at - (definition.Inputs.Count - 1 - definition.Inputs.ToList().IndexOf(arg));
            if (arg.TypeListAttr is { } list)
            {
                if (!node.Attributes.Contains(list))
                    node.Attributes.Set(list, new ListAttr { Types = [.. inputs.Slice(at, rest).ToArray().Select(DTypeOf)] });
                at += rest;
                continue;
            }

            if (arg.TypeAttr is { } type && !node.Attributes.Contains(type) && at < inputs.Length)
                node.Attributes.Set(type, DTypeOf(inputs[at]));
            if (arg.NumberAttr is { } number)
            {
                if (!node.Attributes.Contains(number))
                    node.Attributes.Set(number, rest);
                at += rest;
            }
            else
            {
                at++;
            }
        }

        Infer(node, definition);
        return node;
    }

    private static void Infer(Node node, OpDef definition)
    {
        if (node.Op.Name is not ("StatelessWhile" or "While") && OpTable.All.TryGet(node.Op, out Op? op) && op is IInfersFacts infers)
        {
            var context = new InferenceContext(node);
            infers.Infer(context);
            node.Facts = [.. context.Outputs];
        }
        else
        {
            node.Facts = [.. definition.OutputTypes(node.Attributes).Select(t => new Fact(t, Shape.Unknown))];
        }
    }
}
