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

    // For the compiler to see what is hot.
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Measured = TimeSpan.FromMilliseconds(100);
    private const int Rounds = 5;

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
            Made[] made = [.. Modes.Select(m => Make(network, model, m.Mode, set, tested, Path.Combine(folder, $"quantized-{m.Name}.tflite")))];
            double[] milliseconds = Times(made);
            for (int i = 0; i < made.Length; i++)
            {
                ScoreAgreement agreement = Classifier.Agreement(made[0].Scores, made[i].Scores, Margin);
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {network.Name} | {Modes[i].Name} | {made[i].Bytes / 1e3:0.0} | {(double)made[i].Bytes / made[0].Bytes:P0} | {milliseconds[i]:0.0000} | {milliseconds[i] / milliseconds[0]:0.00} | {agreement.Same:P1} | {agreement.Sure:P0} | {agreement.SameSure:P1} | {agreement.Cosine:0.00000} |");
                made[i].Dispose();
            }
        }
    }

    private static Made Make(Classifier network, Model model, QuantizationMode mode, CalibrationSet set, Tensor[] tested, string path)
    {
        model.Convert(new ConvertOptions { Inputs = [network.Input], Outputs = [network.Output], Quantize = mode, Integers = new IntegerOptions { Calibration = set } }).Model.Save(path, "tflite");
        Model converted = Model.Load(path);
        var session = new Session(converted, new SessionOptions { Threads = 1 });
        Tensor[] scores = Array.ConvertAll(tested, t => session.Run(new Dictionary<string, Tensor> { [network.Input] = t })[network.Output]);
        return new Made(new FileInfo(path).Length, scores, converted, session, session.Prepare(new Dictionary<string, Tensor> { [network.Input] = tested[0] }));
    }

    /// <summary>The median of each model's runs; the models run in turn, so that what disturbs the machine disturbs all of them.</summary>
    private static double[] Times(Made[] made)
    {
        foreach (Made one in made)
            _ = Runs(one.Run, Warm);
        List<double>[] times = Array.ConvertAll(made, _ => new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < made.Length; i++)
                times[i].AddRange(Runs(made[i].Run, Measured));
        }

        return Array.ConvertAll(times, t => t.Order().ElementAt(t.Count / 2));
    }

    private static List<double> Runs(PreparedRun run, TimeSpan least)
    {
        List<double> times = [];
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < least;)
        {
            long start = Stopwatch.GetTimestamp();
            run.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private sealed record Made(long Bytes, Tensor[] Scores, Model Model, Session Session, PreparedRun Run) : IDisposable
    {
        public void Dispose()
        {
            Run.Dispose();
            Session.Dispose();
            Model.Dispose();
        }
    }
}
