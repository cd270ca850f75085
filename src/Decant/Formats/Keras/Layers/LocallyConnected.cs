using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>LocallyConnected1D and 2D: convolutions with a kernel for each place of the output, [places, window * channels, filters].</summary>
internal static class LocallyConnected
{
    public static Value Connected(LayerCall call, int dims)
    {
        if (call.Config.Int("implementation", 1) != 1 || call.Config.Text("padding", "valid") != "valid" || call.IsChannelsFirst)
            throw call.Unsupported("its implementation is not 1, it pads, or its channels come first");
        if (call.Rank != dims + 2 || call.Shape.Dims[1..].Contains(-1))
            throw call.Unsupported($"its input has the shape {call.Shape}, expected batch, {dims} dimensions, channels, of which all but the first are known");
        int[] sizes = [.. call.Shape.Dims[1..^1].ToArray().Select(d => (int)d)], kernels = call.Config.Ints("kernel_size", dims), strides = call.Config.Ints("strides", dims, 1);
        int[] outputs = [.. sizes.Select((size, d) => ((size - kernels[d]) / strides[d]) + 1)];
        int channels = (int)call.Shape[-1], places = outputs.Aggregate(1, (n, d) => n * d), window = kernels.Aggregate(1, (n, d) => n * d);
        if (sizes.Where((size, d) => size < kernels[d]).Any())
            throw call.Config.Bad("kernel_size", $"sizes of at most [{string.Join(',', sizes)}]");
        Shape shape = call.Weights.Shape(0);
        if (shape.Rank != 3 || shape[0] != places || shape[1] != (long)window * channels)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the kernel has the shape {shape}, expected [{places},{window * channels},filters]");
        Value rows = call.Reshape(call.Input, -1, sizes.Aggregate(1, (n, d) => n * d), channels);
        Value patches = call.Reshape(call.Op("GatherV2", [rows, call.Ints(Places(sizes, kernels, strides, outputs)), call.Int(1)]), -1, places, window * channels);
        Value y = call.Transpose(call.Op("BatchMatMulV2", call.Transpose(patches, 1, 0, 2), call.Weights.Get(call.Graph, 0, "kernel")), 1, 0, 2);
        y = call.Reshape(y, [-1, .. outputs, (int)shape[2]]);
        if (call.Config.Flag("use_bias", true))
            y = call.Op("AddV2", y, call.Weights.Get(call.Graph, 1, "bias"));
        return Activations.Apply(call, "activation", y);
    }

    /// <summary>The places of the input, counted row by row, that each place of the output has in its window.</summary>
    private static int[] Places(int[] sizes, int[] kernels, int[] strides, int[] outputs)
    {
        if (sizes.Length == 1)
            return [.. Enumerable.Range(0, outputs[0]).SelectMany(o => Enumerable.Range(o * strides[0], kernels[0]))];
        return [.. from row in Enumerable.Range(0, outputs[0]) from column in Enumerable.Range(0, outputs[1])
                   from y in Enumerable.Range(row * strides[0], kernels[0]) from x in Enumerable.Range(column * strides[1], kernels[1]) select (y * sizes[1]) + x];
    }
}
