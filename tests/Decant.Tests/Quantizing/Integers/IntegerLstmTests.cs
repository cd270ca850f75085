using Decant.IR;
using Decant.Lowering;
using Decant.Ops.TFLite.Recurrent;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.Tests.Formats;
using Decant.Tests.Lowering.Raising;

namespace Decant.Tests.Quantizing.Integers;

/// <summary>LSTMs on integers against the float operator that they are made of.</summary>
public sealed class IntegerLstmTests
{
    // Of outputs up to 1: a step of 1/127 of the input, the state and the output in each of three steps, and gates of 15 bits.
    private const double Tolerance = 0.05;

    /// <summary>Whether time comes first, there is an input gate, there are peepholes, there is a projection.</summary>
    [Theory]
    [InlineData(false, true, false, false)]
    [InlineData(true, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(true, true, true, false)]
    [InlineData(false, true, false, true)]
    public void An_LSTM_computes_with_integers_what_it_computes_with_floats(bool isTimeMajor, bool hasInputGate, bool hasPeepholes, bool hasProjection)
    {
        using var folder = new TemporaryFolder();
        using Model source = Read(RecurrentRulesTests.Lstm(isTimeMajor, hasInputGate, hasPeepholes, hasProjection, "TANH"), folder["float.tflite"]);
        using Model converted = Quantized(source, out Dictionary<string, Tensor>[] examples, out string output);
        converted.Save(folder["m.tflite"], "tflite");
        using Model read = Model.Load(folder["m.tflite"]);
        Node lstm = read.Graph.Nodes.Single(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM");
        LstmInputs at = LstmInputs.Single;
        DType Of(int input) => lstm.Inputs[input] is { IsPresent: true } value ? value.Node.Fact(value.Port).DType : DType.Invalid;
        Assert.Equal(DType.Int8, Of(0));
        Assert.Equal(hasInputGate ? DType.Int8 : DType.Invalid, Of(at.Input));
        Assert.Equal(DType.Int8, Of(at.Recurrent + 1));
        Assert.Equal(DType.Int32, Of(at.Bias + 1));
        Assert.Equal(hasPeepholes ? DType.Int16 : DType.Invalid, Of(at.Peephole + 1));
        Assert.Equal(hasProjection ? DType.Int8 : DType.Invalid, Of(at.Projection));
        Assert.Equal((DType.Int8, DType.Int16), (Of(at.OutputState), Of(at.OutputState + 1)));
        Assert.Equal(2, read.Graph.Nodes.Count(n => n.Op == TFLiteParts.TensorOp && n.Tensors[0].IsVariable));
        foreach (Dictionary<string, Tensor> example in examples)
        {
            using Session floats = new(source), integers = new(read);
            Tensor expected = floats.Run(example, [output])[output], found = integers.Run(example, [output])[output];
            Assert.Equal(expected.Shape, found.Shape);
            Assert.All(expected.Span<float>().ToArray().Zip(found.Span<float>().ToArray()), p => Assert.Equal(p.First, p.Second, Tolerance));
        }
    }

    [Fact]
    public void Peepholes_beside_a_projection_stay_float()
    {
        using var folder = new TemporaryFolder();
        using Model source = Read(RecurrentRulesTests.Lstm(false, true, true, true, "TANH"), folder["float.tflite"]);
        using Model converted = Quantized(source, out _, out _);
        Assert.Equal(DType.Float32, converted.Graph.Nodes.Single(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM").Inputs[5].Constant!.DType);
    }

    private static Model Read(Model model, string path)
    {
        model.Save(path, "tflite");
        return Model.Load(path);
    }

    private static Model Quantized(Model source, out Dictionary<string, Tensor>[] examples, out string output)
    {
        var view = SignatureView.Of(source, null);
        (string name, output) = (view.Inputs[0].Name, view.Outputs[0].Name);
        Shape shape = ((Function)source.Graph).ArgNodes[0].Tensors[0].Shape;
        examples = [.. Enumerable.Range(0, 6).Select(i => new Dictionary<string, Tensor> { [name] = RecurrentRulesTests.Values(shape, 99 + i) })];
        return source.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = CalibrationSet.Of(examples) } }).Model;
    }
}
