using Decant.IR;

namespace Decant.Quantizing;

/// <summary>Who reads a constant, and how they are given another in its place.</summary>
internal static class WeightReaders
{
    /// <summary>The operators that read a node's only output, with the input that does.</summary>
    public static List<(Node Reader, int Input)> Of(Function function, Node constant)
    {
        List<(Node, int)> readers = [];
        foreach (Node node in function.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == new Value(constant))
                    readers.Add((node, i));
            }
        }

        return readers;
    }

    /// <summary>Adds a constant.</summary>
    public static Node AddConst(Function function, string name, TensorAttr value, Quantization? quantization)
    {
        Node node = function.Add(function.FreeName(name), "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", value } });
        node.Facts = [new Fact(value.DType, value.Shape, null, quantization)];
        return node;
    }

    /// <summary>Gives readers of a float32 constant what a DEQUANTIZE makes of another.</summary>
    public static void Dequantize(Function function, Node original, Node constant, IEnumerable<(Node Reader, int Input)> readers)
    {
        Node dequantize = function.Add(function.FreeName($"{original.Name}_dequantize"), new OpName(Dialect.TFLite, "DEQUANTIZE"), [constant]);
        dequantize.Facts = [new Fact(DType.Float32, original.Fact(0).Shape)];
        foreach ((Node reader, int input) in readers)
            reader.Inputs[input] = dequantize;
    }
}
