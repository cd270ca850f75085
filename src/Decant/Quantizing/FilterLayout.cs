namespace Decant.Quantizing;

/// <summary>How the weights of an operator of TensorFlow Lite lie: rows [taps, depth] each of which makes one channel, or a depthwise [taps, channels].</summary>
/// <param name="Taps">Positions of the window.</param>
/// <param name="Weights">In a row, or in all when depthwise.</param>
/// <param name="IsDepthwise">Whether each channel has its own window, and nothing is summed over channels.</param>
internal readonly record struct FilterLayout(int Taps, int Weights, bool IsDepthwise)
{
    // Rows are held whole while they are rounded.
    private const int MostWeights = 1 << 20;

    /// <summary>Of the weights of an operator; null where they are no filters, such as tables, and where rows are too long to be held.</summary>
    public static FilterLayout? Of(string op, Shape shape)
    {
        FilterLayout? layout = op switch
        {
            "CONV_2D" or "TRANSPOSE_CONV" when shape.Rank == 4 => Rows(shape, shape[1] * shape[2]),
            "DEPTHWISE_CONV_2D" when shape.Rank == 4 => new FilterLayout(0, (int)Math.Min(int.MaxValue, shape.ElementCount), true),
            "FULLY_CONNECTED" or "UNIDIRECTIONAL_SEQUENCE_LSTM" when shape.Rank == 2 => Rows(shape, 1),
            _ => null,
        };
        return layout is { Weights: > 0 and <= MostWeights } ? layout : null;
    }

    private static FilterLayout Rows(Shape shape, long taps) =>
        new((int)Math.Min(int.MaxValue, taps), (int)Math.Min(int.MaxValue, shape.ElementCount / Math.Max(1, shape[0])), false);
}
