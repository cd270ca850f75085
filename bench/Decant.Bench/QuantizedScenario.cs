using System.Diagnostics;
using System.Globalization;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;

namespace Decant.Bench;

/// <summary>Classifiers as TensorFlow Lite models in each mode of quantization: size, latency with one thread, and how many answers stay.</summary>
internal static class QuantizedScenario
{
    private const int Calibrated = 64, Tested = 200;

    // The reference is sure where its best score is a fifth of the largest above the second.
    private const double Margin = 0.2;

    // Of which the first half is for the compiler to see what is hot.
    private static readonly TimeSpan Measured = TimeSpan.FromMilliseconds(500);

    private static readonly (string Name, QuantizationMode Mode)[] Modes =
        [("float", QuantizationMode.None), ("float16", QuantizationMode.Float16), ("dynamic", QuantizationMode.Dynamic), ("int8", QuantizationMode.Int8), ("int16x8", QuantizationMode.Int16)];

    public static IEnumerable<string> Run(IEnumerable<Classifier> networks, string folder)
    {
        yield return "| network | mode | KB | of float | ms | of float | same answers | sure of | same of those | cosine |";
        yield return "|---|---|---|---|---|---|---|---|---|---|";
        foreach (Classifier network in networks)
        {
            using Model model = Model.Load(network.Path);
            Tensor[] tested = network.Examples(Calibrated, Tested);
            var set = CalibrationSet.Of([.. network.Examples(0, Calibrated).Select(t => new Dictionary<string, Tensor> { [network.Input] = t })]);
            (long Bytes, double Milliseconds, Tensor[] Scores)? reference = null;
            foreach ((string name, QuantizationMode mode) in Modes)
            {
                (long bytes, double milliseconds, Tensor[] scores) = Measure(network, model, mode, set, tested, Path.Combine(folder, "quantized.tflite"));
                reference ??= (bytes, milliseconds, scores);
                ScoreAgreement agreement = Classifier.Agreement(reference.Value.Scores, scores, Margin);
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {network.Name} | {name} | {bytes / 1e3:0.0} | {(double)bytes / reference.Value.Bytes:P0} | {milliseconds:0.000} | {milliseconds / reference.Value.Milliseconds:0.00} | {agreement.Same:P1} | {agreement.Sure:P0} | {agreement.SameSure:P1} | {agreement.Cosine:0.00000} |");
            }
        }
    }

    private static (long Bytes, double Milliseconds, Tensor[] Scores) Measure(Classifier network, Model model, QuantizationMode mode, CalibrationSet set, Tensor[] tested, string path)
    {
        model.Convert(new ConvertOptions { Inputs = [network.Input], Outputs = [network.Output], Quantize = mode, Integers = new IntegerOptions { Calibration = set } }).Model.Save(path, "tflite");
        using Model converted = Model.Load(path);
        using var session = new Session(converted, new SessionOptions { Threads = 1 });
        Tensor[] scores = Array.ConvertAll(tested, t => session.Run(new Dictionary<string, Tensor> { [network.Input] = t })[network.Output]);
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { [network.Input] = tested[0] });
        List<double> times = [];
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Measured;)
        {
            long start = Stopwatch.GetTimestamp();
            run.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        List<double> steady = times[(times.Count / 2)..];
        steady.Sort();
        return (new FileInfo(path).Length, steady[steady.Count / 2], scores);
    }
}
