using Decant.IR;

namespace Decant.Passes.Transforms;

/// <content>The ops that have 8-bit forms.</content>
internal sealed partial class QuantizeNodes
{
    private static readonly string[] BothTypes = ["T1", "T2"];

    private static readonly QuantizedOp[] Ops =
    [
        new("Add", "QuantizedAdd", BothTypes, "Toutput") { Is32Bit = true },
        new("AddV2", "QuantizedAdd", BothTypes, "Toutput") { Is32Bit = true },
        new("AvgPool", "QuantizedAvgPool", ["T"]) { Copied = ["ksize", "strides", "padding"] },
        new("BiasAdd", "QuantizedBiasAdd", BothTypes, "out_type") { Is32Bit = true },
        new("Concat", "QuantizedConcat", ["T"]) { Copied = ["N"], HasVerbatim = true, Verbatim = 0, SeparatesRanges = true },
        new("ConcatV2", "QuantizedConcat", ["T"]) { Copied = ["N"], HasVerbatim = true, Verbatim = -1, SeparatesRanges = true },
        new("Conv2D", "QuantizedConv2D", ["Tinput", "Tfilter"], "out_type") { Copied = ["strides", "padding"], Is32Bit = true },
        new("MatMul", "QuantizedMatMul", BothTypes, "Toutput") { Copied = ["transpose_a", "transpose_b"], Is32Bit = true },
        new("MaxPool", "QuantizedMaxPool", ["T"]) { Copied = ["ksize", "strides", "padding"] },
        new("Mul", "QuantizedMul", BothTypes, "Toutput") { Is32Bit = true },
        new("Relu", "QuantizedRelu", ["Tinput"]),
        new("Relu6", "QuantizedRelu6", ["Tinput"]),
        new("Reshape", "QuantizedReshape", ["T"]) { Copied = ["Tshape"], HasVerbatim = true, Verbatim = 1 },
        new("ResizeBilinear", "QuantizedResizeBilinear", ["T"]) { Copied = ["align_corners", "half_pixel_centers"], HasVerbatim = true, Verbatim = 1 },
    ];

    private static QuantizedOp? Find(OpName op) => Array.Find(Ops, o => op == o.Float);

    /// <summary>What the 8-bit form of a node could not do, or null.</summary>
    private static string? Unfit(Node node, QuantizedOp op)
    {
        if (op.HasVerbatim && node.Inputs.Count < 2)
            return "has too few inputs";
        if (WeightedNode.DataFormat(node) != "NHWC")
            return $"has the data format {WeightedNode.DataFormat(node)}, which {op.Quantized} does not have";
        if (node.Attributes["dilations"] is ListAttr dilations && dilations.Ints.Any(d => d != 1))
            return $"has dilations, which {op.Quantized} does not have";
        if (node.Attributes["padding"] is StringAttr { Text: "EXPLICIT" })
            return $"has explicit paddings, which {op.Quantized} does not have";
        if (op.Quantized is "QuantizedAdd" or "QuantizedMul" && node.Inputs.Count == 2)
            return Broadcasts(Shape(node.Inputs[0]), Shape(node.Inputs[1])) ? null : $"broadcasts in a way that {op.Quantized} does not, or one that is not known";
        if (op.Float == "Conv2D" && Shape(node.Inputs[0]) is { Rank: 4 } image && node.Inputs.Count == 2 && Shape(node.Inputs[1]) is { Rank: 4 } filter && image[3] >= 0 && filter[2] >= 0 && image[3] != filter[2])
            return "is a grouped convolution";
        return null;
    }

    private static Shape Shape(Value value) => value.Node.Fact(value.Port).Shape;

    /// <summary>Whether two shapes are equal, one is a scalar, or one is the vector along the other's last dimension.</summary>
    private static bool Broadcasts(Shape a, Shape b) =>
        a.HasRank && b.HasRank && (a == b || a.Rank == 0 || b.Rank == 0 || (a.Rank == 1 && a[0] == b[-1]) || (b.Rank == 1 && b[0] == a[-1]));

    /// <summary>An op that has an 8-bit form.</summary>
    /// <param name="Float">The op.</param>
    /// <param name="Quantized">Its 8-bit form.</param>
    /// <param name="InputTypes">The attributes that are quint8.</param>
    /// <param name="OutputType">The attribute that is qint32, or null.</param>
    private sealed record QuantizedOp(string Float, string Quantized, string[] InputTypes, string? OutputType = null)
    {
        public string[] Copied { get; init; } = [];

        /// <summary>Whether results are qint32 and must be requantized.</summary>
        public bool Is32Bit { get; init; }

        /// <summary>Whether one input is no image: an axis, a shape, a size.</summary>
        public bool HasVerbatim { get; init; }

        /// <summary>Which; from the end when negative.</summary>
        public int Verbatim { get; init; }

        /// <summary>Whether all minimums come before all maximums; else each input's two are together.</summary>
        public bool SeparatesRanges { get; init; }

        public AttributeMap Attributes(Node node)
        {
            var attributes = new AttributeMap();
            foreach (string name in Copied)
            {
                if (node.Attributes[name] is { } value)
                    attributes.Set(name, value);
            }

            foreach (string name in InputTypes)
                attributes.Set(name, DType.QUInt8);
            if (OutputType is not null)
                attributes.Set(OutputType, DType.QInt32);
            return attributes;
        }
    }
}
