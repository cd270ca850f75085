using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Ops;

/// <summary>Adds ops to a graph, with the attributes that follow from their inputs and what is known of their outputs.</summary>
internal class GraphBuilder(Graph graph)
{
    public Graph Graph { get; } = graph;

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

    /// <summary>A number of the type of another value.</summary>
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
    public virtual Value Add(string op, string name, AttributeMap? attributes, params ReadOnlySpan<Value> inputs)
    {
        Node node = Make(op, name, attributes, inputs);
        Graph.Attach(node, Graph.FreeName(name));
        return node;
    }

    /// <summary>The same node, which is in no graph.</summary>
    public static Node Make(string op, string name, AttributeMap? attributes, params ReadOnlySpan<Value> inputs)
    {
        var node = new Node(name, op) { Attributes = attributes ?? [] };
        node.Inputs.AddRange(inputs);
        InputTypes.Complete(node);
        if (node.Op.Name is not ("StatelessWhile" or "While") && OpTable.All.TryGet(node.Op, out Op? known) && known is IInfersFacts infers)
        {
            var context = new InferenceContext(node);
            infers.Infer(context);
            node.Facts = [.. context.Outputs];
        }
        else
        {
            node.Facts = [.. OpCatalogue.Find(op)!.OutputTypes(node.Attributes).Select(t => new Fact(t, Shape.Unknown))];
        }

        return node;
    }
}
