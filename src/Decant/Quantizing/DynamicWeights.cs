using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Quantizing;

/// <summary>
/// Stores the weights of products and convolutions as int8, symmetric and from -127 on, with a scale per channel where the operator
/// takes one. Operators that cannot run on integers and floats together read them through a DEQUANTIZE.
/// </summary>
internal static class DynamicWeights
{
    // Smaller weights would gain nothing.
    private const int LeastElements = 1024;

    // Those of the input, of the state and of the cells, and the projection.
    private static readonly int[] LstmWeights = [.. LstmInputs.Single.Matrices, .. Enumerable.Range(LstmInputs.Single.Peephole, 3)];

    /// <summary>Stores the weights of a subgraph.</summary>
    /// <param name="function">The subgraph.</param>
    /// <param name="keepsFloat">Whether an operator is to read its weights as they are.</param>
    public static void Run(Function function, Predicate<Node> keepsFloat)
    {
        foreach (Node node in function.Nodes.Where(n => n.Op == "Const").ToList())
        {
            if (node.Attributes["value"] is not TensorAttr { DType: DType.Float32 } weights || weights.Shape.ElementCount < LeastElements)
                continue;
            List<(Node Reader, int Input)> readers = WeightReaders.Of(function, node);
            if (readers.Count == 0 || !readers.TrueForAll(r => Axis(r.Reader, r.Input) is not null && !keepsFloat(r.Reader)))
                continue;
            List<(Node Reader, int Input)> hybrid = readers.FindAll(r => IsHybrid(r.Reader));
            int axis = hybrid.Count > 0 ? Axis(hybrid[0].Reader, hybrid[0].Input)!.Value : SymmetricWeights.PerTensor;
            if (hybrid.Exists(r => Axis(r.Reader, r.Input) != axis) || SymmetricWeights.Quantize(weights, axis, FilterLayout.Of(readers[0].Reader.Op.Name, weights.Shape)) is not { } quantized)
                continue;
            Node constant = WeightReaders.AddConst(function, $"{node.Name}/int8", quantized.Integers, quantized.Scales);
            foreach ((Node reader, int input) in hybrid)
            {
                reader.Inputs[input] = constant;
                if (reader.Op.Name is "FULLY_CONNECTED" or "BATCH_MATMUL" or "UNIDIRECTIONAL_SEQUENCE_LSTM")
                    reader.Attributes.Set("asymmetric_quantize_inputs", true);
            }

            if (hybrid.Count < readers.Count)
                WeightReaders.Dequantize(function, node, constant, readers.Except(hybrid));
        }
    }

    /// <summary>The dimension of the weights that has a scale for each element; null when the input is no weights.</summary>
    private static int? Axis(Node reader, int input) => (reader.Op.Name, input) switch
    {
        ("CONV_2D" or "FULLY_CONNECTED", 1) => 0,
        ("DEPTHWISE_CONV_2D", 1) => 3,
        ("BATCH_MATMUL", 1) or ("TRANSPOSE_CONV", 1) or ("GATHER", 0) => SymmetricWeights.PerTensor,
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", _) when LstmWeights.Contains(input) && HasLargeWeights(reader) => SymmetricWeights.PerTensor,
        _ => null,
    };

    // The operator takes all of its weights as integers, or none; those that come first are integers already when the next are asked about.
    private static bool HasLargeWeights(Node lstm) =>
        LstmWeights.Where(i => lstm.Inputs[i].IsPresent).All(i => lstm.Inputs[i] is { Constant: { ElementCount: >= LeastElements } weights } && (weights.DType == DType.Int8 || SymmetricWeights.AreFinite(weights.Span<float>())));

    private static bool IsHybrid(Node reader) => reader.Op.Name is "CONV_2D" or "FULLY_CONNECTED" or "DEPTHWISE_CONV_2D" or "BATCH_MATMUL" or "UNIDIRECTIONAL_SEQUENCE_LSTM";
}
