using System.Numerics.Tensors;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>The quantized models that Decant writes, run by LiteRT: it takes every operator in the version that is declared, and gives what Decant gives.</summary>
public sealed class LiteRTQuantizedTests
{
    private const int Calibrated = 32, Tested = 4;

    private static IEnumerable<Classifier> Classifiers => Classifier.Read(Path.Combine(SharedData.Repository, "bench/classifiers.tsv"), Path.Combine(SharedData.Root, "data"));

    public static TheoryData<string, QuantizationMode> Networks
    {
        get
        {
            var cases = new TheoryData<string, QuantizationMode>();
            foreach (Classifier network in Classifiers)
            {
                foreach (QuantizationMode mode in new[] { QuantizationMode.Float16, QuantizationMode.Dynamic, QuantizationMode.Int8, QuantizationMode.Int16 })
                    cases.Add(network.Name, mode);
            }

            return cases;
        }
    }

    // Of the length of all scores. Float16: float32 sums in another order. Int16: its kernels round as TensorFlow Lite's own, but for single units
    // of 2^-15, of which some ten layers add up.
    private const double FloatTolerance = 1e-4, Int16Tolerance = 1.0 / 1024;

    /// <summary>
    /// How far the runtime's scores may be from ours. It runs int8 and dynamic weights by XNNPACK, which rounds sums of products once, in float, and
    /// quantizes rows by steps of its own; ours are TensorFlow Lite's own kernels, bit for bit, as the recorded cases show. So neither is right and
    /// the other wrong: both are roundings of the float model (of ten int8 networks XNNPACK is nearer to it in four, ours in four), and such two may
    /// be twice as far from each other as one is from the model.
    /// </summary>
    private static double Tolerance(QuantizationMode mode, double fromFloat) => mode switch
    {
        QuantizationMode.Float16 => FloatTolerance,
        QuantizationMode.Int16 => Int16Tolerance,
        _ => (2 * fromFloat) + FloatTolerance,
    };

    [SharedNodeTheory]
    [MemberData(nameof(Networks))]
    public void LiteRT_gives_what_Decant_gives(string name, QuantizationMode mode)
    {
        Classifier network = Classifiers.First(c => c.Name == name);
        using var work = new TemporaryFolder();
        using Model model = Model.Load(network.Path);
        Tensor Batch(int first) => Tensor.Wrap([.. network.Examples(first, Tested).SelectMany(t => t.Span<float>().ToArray())], new Shape([Tested, .. network.Shape.Dims]));
        var set = CalibrationSet.Of([.. Enumerable.Range(0, Calibrated / Tested).Select(i => new Dictionary<string, Tensor> { [network.Input] = Batch(i * Tested) })]);
        Tensor examples = Batch(Calibrated);
        Model converted = model.Convert(new ConvertOptions
        {
            Inputs = [network.Input],
            Outputs = [network.Output],
            InputShapes = new Dictionary<string, Shape> { [network.Input] = examples.Shape },
            Quantize = mode,
            Integers = new IntegerOptions { Calibration = set },
        }).Model;
        converted.Save(work["model.tflite"], "tflite");
        using var session = new Session(converted);
        var feeds = new Dictionary<string, Tensor> { [network.Input] = examples };
        (long[] shape, double[] theirs) = NodeModel.Run("litert_run.mjs", work["model.tflite"], feeds, [network.Output], work)[network.Output];
        Tensor ours = session.Run(feeds)[network.Output];
        using var original = new Session(model);
        double[] quantized = Doubles(ours), real = Doubles(original.Run(feeds, [network.Output])[network.Output]);
        double size = TensorPrimitives.Norm<double>(real);
        Assert.Equal(ours.Shape.Dims.ToArray(), shape);
        Assert.InRange(TensorPrimitives.Distance<double>(quantized, theirs) / size, 0, Tolerance(mode, TensorPrimitives.Distance<double>(quantized, real) / size));
    }

    private static double[] Doubles(Tensor scores) => Array.ConvertAll(scores.Span<float>().ToArray(), x => (double)x);
}
