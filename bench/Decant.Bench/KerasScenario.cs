using System.Globalization;
using Decant.Wire.Hdf5;

namespace Decant.Bench;

/// <summary>Converting a Keras file of 1 GB costs at most twice as much as copying it, without the comparison and with it.</summary>
internal static class KerasScenario
{
    private const int Layers = 64, Units = 2048;

    public static IEnumerable<string> Run(string folder, string decant)
    {
        string file = Path.Combine(folder, "keras.h5");
        if (!File.Exists(file))
            Write(file);
        string copy = Path.Combine(folder, "copy");
        (string To, string Path)[] targets = [("tfjs", Path.Combine(folder, "graph")), ("tfjs_layers", Path.Combine(folder, "layers")), ("keras", Path.Combine(folder, "out.keras")), ("keras_h5", Path.Combine(folder, "out.h5"))];
        foreach ((string to, string target) in targets)
        {
            foreach (bool isCompared in (bool[])[false, true])
            {
                string title = $"convert a Keras file of 1 GB to {to}{(isCompared ? ", compared" : "")}";
                string[] arguments = ["convert", file, "--to", to, "-o", target, .. isCompared ? Array.Empty<string>() : ["--no-verify"]];
                double[] seconds = Timing.OfFiles(5, () => Timing.Run("cp", file, copy), () => Timing.Run(decant, arguments));
                yield return Timing.Ratio(title, seconds[1], "cp of it", seconds[0], 2);
                yield return string.Create(CultureInfo.InvariantCulture, $"{title}: peak resident memory {Timing.PeakMegabytes(decant, arguments):0} MB (goal: under 300 MB)");
                Models.Delete(target);
            }
        }

        File.Delete(copy);
    }

    private static void Write(string path)
    {
        var random = new Random(1);
        float range = MathF.Sqrt(6f / Units);
        var root = new Hdf5GroupContent();
        IEnumerable<string> layers = Enumerable.Range(0, Layers).Select(i => $$"""{"class_name": "Dense", "config": {"name": "d{{i}}", "units": {{Units}}, "activation": "relu"{{(i == 0 ? $", \"batch_input_shape\": [null, {Units}]" : "")}} } }""");
        root.SetText("model_config", $$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{{string.Join(", ", layers)}}]} }""");
        root.SetText("keras_version", "2.4.0");
        Hdf5GroupContent weights = root.Group("model_weights");
        weights.SetTexts("layer_names", [.. Enumerable.Range(0, Layers).Select(i => $"d{i}")]);
        for (int i = 0; i < Layers; i++)
        {
            Hdf5GroupContent layer = weights.Group($"d{i}");
            layer.SetTexts("weight_names", ["kernel", "bias"]);
            layer.Add("kernel", Tensor.Wrap(Numbers(Units * Units), new Shape(Units, Units)));
            layer.Add("bias", Tensor.Wrap(Numbers(Units)));
        }

        // Other numbers in each layer, as equal weights are written once, and of a size that keeps what the layers give about as large as what they are given.
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 2 * range)];

        using FileStream stream = File.Create(path);
        Hdf5Writer.Write(root, stream);
    }
}
