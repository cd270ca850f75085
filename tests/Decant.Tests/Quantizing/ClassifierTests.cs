using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;

namespace Decant.Tests.Quantizing;

/// <summary>Networks that other people trained give the answers that their floats give, on inputs that the calibration did not see.</summary>
public sealed class ClassifierTests
{
    private const int Calibrated = 64, Tested = 100;

    /// <summary>The float model is sure where its best score is this part of the largest above the second.</summary>
    private const double Margin = 0.2;

    private static readonly QuantizationMode[] Modes = [QuantizationMode.Float16, QuantizationMode.Dynamic, QuantizationMode.Int8, QuantizationMode.Int16];

    private static IEnumerable<Classifier> Classifiers => Classifier.Read(Path.Combine(SharedData.Repository, "bench/classifiers.tsv"), Path.Combine(SharedData.Root, "data"));

    public static TheoryData<string, QuantizationMode> Networks
    {
        get
        {
            var cases = new TheoryData<string, QuantizationMode>();
            foreach (Classifier network in Classifiers)
            {
                foreach (QuantizationMode mode in Modes)
                    cases.Add(network.Name, mode);
            }

            return cases;
        }
    }

    /// <summary>
    /// Of the inputs of which the float model is sure, the least part with the same answer; and the least cosine of all scores together.
    /// Weights of 11 bits change nothing that counts. With weights of 8 bits 0.99 is the bound of the acceptance cases. Those of int8 are
    /// what the original converter's int8 file of resnet8 reaches on the same inputs, 0.925 and 0.985: photos are not what most of these
    /// networks were trained for, and what happens to be their answer is easily another.
    /// </summary>
    private static (double SameSure, double Cosine) Least(QuantizationMode mode) => mode switch
    {
        QuantizationMode.Float16 => (1, 0.9999),
        QuantizationMode.Int8 => (0.92, 0.98),
        _ => (0.97, 0.99),
    };

    [SharedTheory]
    [MemberData(nameof(Networks))]
    public void A_network_keeps_its_answers(string name, QuantizationMode mode)
    {
        Classifier network = Classifiers.First(c => c.Name == name);
        using Model model = Model.Load(network.Path);
        Tensor[] tested = network.Examples(Calibrated, Tested);
        ScoreAgreement agreement = Classifier.Agreement(Scores(network, model, tested, new ConvertOptions()), Scores(network, model, tested, new ConvertOptions { Quantize = mode, Integers = new IntegerOptions { Calibration = Set(network) } }), Margin);
        Assert.InRange(agreement.SameSure, Least(mode).SameSure, 1);
        Assert.InRange(agreement.Cosine, Least(mode).Cosine, 1.0001);
    }

    [SharedFact]
    public void Ranges_of_least_error_are_as_good_as_the_original_converters_file_of_the_same_network()
    {
        Classifier network = Classifiers.First(c => c.Name == "resnet8");
        using Model model = Model.Load(network.Path), original = Model.Load(SharedData.Path("data/tflite/mlperf-tiny-int8/pretrainedResnet_quant.tflite"));
        Tensor[] tested = network.Examples(Calibrated, Tested), floats = Scores(network, model, tested, new ConvertOptions());
        var view = SignatureView.Of(original);
        Quantization Declared(Value value) => value.Node.Tensors[value.Port].Quantization!;
        (Quantization input, Quantization output) = (Declared(view.Resolve(view.Inputs[0].Name, isInput: true)), Declared(view.Resolve(view.Outputs[0].Name, isInput: false)));
        using var session = new Session(original);
        Tensor[] theirs = Array.ConvertAll(tested, t => Quantized.Dequantize(session.Run(new Dictionary<string, Tensor> { [view.Inputs[0].Name] = Quantized.Quantize(t, DType.Int8, input) })[view.Outputs[0].Name], output));
        Tensor[] ours = Scores(network, model, tested, new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = Set(network), Ranges = RangeMethod.MeanSquaredError } });
        (ScoreAgreement their, ScoreAgreement our) = (Classifier.Agreement(floats, theirs, Margin), Classifier.Agreement(floats, ours, Margin));
        Assert.InRange(our.Cosine, their.Cosine, 1.0001);
        Assert.InRange(our.SameSure, their.SameSure, 1);
    }

    private static CalibrationSet Set(Classifier network) => CalibrationSet.Of(network.Examples(0, Calibrated).Select(t => new Dictionary<string, Tensor> { [network.Input] = t }));

    private static Tensor[] Scores(Classifier network, Model model, Tensor[] tested, ConvertOptions how)
    {
        using var session = new Session(model.Convert(how with { Inputs = [network.Input], Outputs = [network.Output] }).Model);
        return Array.ConvertAll(tested, t => session.Run(new Dictionary<string, Tensor> { [network.Input] = t })[network.Output]);
    }
}
