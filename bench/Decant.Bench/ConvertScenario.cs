using System.Globalization;

namespace Decant.Bench;

/// <summary>Converting a model of 1 GB costs at most twice as much as copying it, whatever becomes of its weights, the comparison with the original included.</summary>
internal static class ConvertScenario
{
    public static IEnumerable<string> Run(string folder, string decant)
    {
        string saved = SavedModels.Make(folder, 1L << 30), frozen = Models.Frozen(folder, 1L << 30);
        string copy = Path.Combine(folder, "copy"), target = Path.Combine(folder, "converted");
        (string Name, string Source, string[] Options)[] cases =
        [
            ("SavedModel of 1 GB to tflite", saved, ["--to", "tflite"]),
            ("SavedModel of 1 GB to tflite, not compared", saved, ["--to", "tflite", "--no-verify"]),
            ("SavedModel of 1 GB to tflite as float16", saved, ["--to", "tflite", "--quantize", "float16"]),
            ("SavedModel of 1 GB to tflite with dynamic range", saved, ["--to", "tflite", "--quantize", "dynamic"]),
            ("SavedModel of 1 GB to tfjs", saved, ["--to", "tfjs"]),
            ("frozen graph of 1 GB to tflite", frozen, ["--to", "tflite"]),
            ("frozen graph of 1 GB to tfjs", frozen, ["--to", "tfjs"]),
        ];
        foreach ((string name, string source, string[] options) in cases)
        {
            string[] arguments = ["convert", source, .. options, "-o", target];
            double[] seconds = Timing.Interleaved(3, () => Timing.Run("cp", "-rT", source, copy), () => Timing.Run(decant, arguments));
            yield return Timing.Ratio($"convert a {name}", seconds[1], "cp of it", seconds[0], 2);
            yield return string.Create(CultureInfo.InvariantCulture, $"peak resident memory {Timing.PeakMegabytes(decant, arguments):0} MB (goal: under 300 MB)");
            Models.Delete(target);
            Models.Delete(copy);
        }
    }
}
