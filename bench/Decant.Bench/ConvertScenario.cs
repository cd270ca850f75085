using System.Globalization;
using Decant.Wire.Npy;

namespace Decant.Bench;

/// <summary>Converting a model of 1 GB costs at most twice as much as copying it, whatever becomes of its weights, the comparison with the original included.</summary>
internal static class ConvertScenario
{
    public static IEnumerable<string> Run(string folder, string decant, string? only)
    {
        string saved = SavedModels.Make(folder, 1L << 30), convolutions = SavedModels.Convolutions(folder, 1L << 30), frozen = Models.Frozen(folder, 1L << 30);
        string copy = Path.Combine(folder, "copy"), target = Path.Combine(folder, "converted"), examples = Path.Combine(folder, "examples.npy");
        WriteExamples(examples, Models.Side(1L << 30));
        (string Name, string Source, string[] Options)[] models =
        [
            ("SavedModel to tflite", saved, ["--to", "tflite"]),
            ("SavedModel to tflite, float16", saved, ["--to", "tflite", "--quantize", "float16"]),
            ("SavedModel to tflite, dynamic", saved, ["--to", "tflite", "--quantize", "dynamic"]),
            ("SavedModel to tfjs", saved, ["--to", "tfjs"]),
            ("frozen graph to tflite", frozen, ["--to", "tflite"]),
            ("frozen graph to tfjs", frozen, ["--to", "tfjs"]),
            ("convolutions to tflite", convolutions, ["--to", "tflite"]),
            ("convolutions to tflite, float16", convolutions, ["--to", "tflite", "--quantize", "float16"]),
            ("convolutions to tflite, dynamic", convolutions, ["--to", "tflite", "--quantize", "dynamic"]),
            ("convolutions to tflite, int8", convolutions, ["--to", "tflite", "--quantize", "int8", "--calibrate", examples]),
            ("convolutions to tflite, int8, with the error of layers", convolutions, ["--to", "tflite", "--quantize", "int8", "--calibrate", examples, "--quantize-report"]),
            ("convolutions to tfjs", convolutions, ["--to", "tfjs"]),
        ];
        foreach ((string name, string source, string[] options) in models)
        {
            foreach (bool isCompared in (bool[])[false, true])
            {
                string title = isCompared ? name + ", compared" : name;
                if (only is not null && !only.Split('+').Contains(title))
                    continue;
                string[] arguments = ["convert", source, .. options, "-o", target, .. isCompared ? Array.Empty<string>() : ["--no-verify"]];
                double[] seconds = Timing.OfFiles(3, () => Timing.Run("cp", "-rT", source, copy), () => Timing.Run(decant, arguments));
                yield return Timing.Ratio(title, seconds[1], "cp of it", seconds[0], 2);
                yield return string.Create(CultureInfo.InvariantCulture, $"{title}: peak resident memory {Timing.PeakMegabytes(decant, arguments):0} MB (goal: under 300 MB)");
                Models.Delete(target);
                Models.Delete(copy);
            }
        }
    }

    private static void WriteExamples(string path, int channels)
    {
        var random = new Random(1);
        using FileStream stream = File.Create(path);
        NpyWriter.Write(Tensor.Wrap([.. Enumerable.Range(0, 2 * 4 * channels).Select(_ => random.NextSingle())], new Shape(2, 2, 2, channels)), stream);
    }
}
