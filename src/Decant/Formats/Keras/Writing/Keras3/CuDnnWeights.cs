using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>The weights of CuDNN's layers, which Keras 3 does not have, as those of the layers that compute the same.</summary>
internal static class CuDnnWeights
{
    /// <summary>Whether a class is one of CuDNN's.</summary>
    public static bool Are(string type) => type is "CuDNNGRU" or "CuDNNLSTM";

    /// <summary>Says what these layers always do.</summary>
    public static void Tell(string type, JsonObject options)
    {
        (options["activation"], options["recurrent_activation"], options["use_bias"]) = ("tanh", "sigmoid", true);
        if (type == "CuDNNGRU")
            options["reset_after"] = true;
    }

    /// <summary>
    /// Matrices whose gates are columns side by side; in CuDNN's the numbers of each gate are those of the transpose, [units, features], in the order of rows.
    /// An LSTM has one bias, the sum of CuDNN's two. Null where the shapes are others.
    /// </summary>
    public static IReadOnlyList<KerasWeight>? Plain(string type, IReadOnlyList<KerasWeight> weights)
    {
        int gates = type == "CuDNNGRU" ? 3 : 4;
        if (weights is not [var kernel, var recurrent, var bias] || weights.Any(w => w.Value.DType != DType.Float32) || kernel.Value.Shape.Rank != 2 || recurrent.Value.Shape.Rank != 2
            || recurrent.Value.Shape[1] != recurrent.Value.Shape[0] * gates || kernel.Value.Shape[1] != recurrent.Value.Shape[1] || bias.Value.Shape != new Shape(2 * recurrent.Value.Shape[1]))
            return null;
        int columns = (int)recurrent.Value.Shape[1];
        ReadOnlySpan<float> both = bias.Value.Value.Span<float>();
        float[] plain = both.ToArray();
        if (type == "CuDNNLSTM")
        {
            plain = new float[columns];
            for (int i = 0; i < columns; i++)
                plain[i] = both[i] + both[columns + i];
        }

        return [Ordered(kernel, gates), Ordered(recurrent, gates), bias with { Part = Cell(bias), Value = new TensorAttr(Tensor.Wrap(plain, type == "CuDNNLSTM" ? new Shape(columns) : new Shape(2, columns))) }];
    }

    // Archives have the weights of recurrent layers in their cells.
    private static string Cell(KerasWeight weight) => weight.Part.Length == 0 ? "cell" : $"{weight.Part}/cell";

    private static KerasWeight Ordered(KerasWeight weight, int gates)
    {
        int rows = (int)weight.Value.Shape[0], columns = (int)weight.Value.Shape[1], units = columns / gates;
        ReadOnlySpan<float> stored = weight.Value.Value.Span<float>();
        float[] plain = new float[stored.Length];
        for (int g = 0; g < gates; g++)
        {
            for (int i = 0; i < rows * units; i++)
                plain[((i % rows) * columns) + (g * units) + (i / rows)] = stored[((i / units) * columns) + (g * units) + (i % units)];
        }

        return weight with { Part = Cell(weight), Value = new TensorAttr(Tensor.Wrap(plain, weight.Value.Shape)) };
    }
}
