using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Formats.TFLite;

/// <summary>How a model of TensorFlow Lite looks as a graph, and how it is called.</summary>
public sealed class TFLiteModelTests
{
    [SharedFact]
    public void Inputs_and_outputs_without_a_signature_have_the_names_of_tensors_and_positions()
    {
        using Model model = Model.Load(SharedData.Path("data/tflite/mp-tensor-suite/1x3_square_float32.tflite"));
        SignatureView view = SignatureView.Of(model);
        (string input, string output) = (view.Inputs[0].Name, view.Outputs[0].Name);
        Tensor x = Tensor.Wrap(new float[] { 1, 2, 3 }, new Shape(1, 3));
        using var session = new Session(model);
        foreach ((string feed, string fetch) in ((string, string)[])[(input, output), ("0", "0"), (input, "0")])
            Assert.Equal([1, 4, 9], session.Run(new Dictionary<string, Tensor> { [feed] = x }, [fetch])[fetch].Span<float>().ToArray());
    }

    [SharedFact]
    public void Signatures_of_other_subgraphs_run_there()
    {
        using Model model = Model.Load(SharedData.Path("data/tflite/mp-tensor-suite/test_two_signature_keys_model.tflite"));
        Assert.Equal(2, model.Signatures.Count);
        using var session = new Session(model);
        foreach (Signature signature in model.Signatures)
        {
            var feeds = signature.Inputs.ToDictionary(i => i.Name, i => new Tensor(i.DType, new Shape([.. i.Shape.Dims.ToArray().Select(d => d < 0 ? 1 : d)]), new BufferSlice(new byte[i.DType.Size() * i.Shape.Dims.ToArray().Aggregate(1L, (a, d) => a * Math.Max(1, d))])));
            Assert.Equal(signature.Outputs.Count, session.Run(feeds, signature: signature.Key).Count);
        }
    }

    [SharedFact]
    public void Options_are_attributes_by_the_names_of_the_schema()
    {
        using Model model = Model.Load(SharedData.Path("data/tflite/micro-person-detect/person_detect.tflite"));
        Node convolution = model.Graph.Nodes.First(n => n.Op.ToString() == "tfl.DEPTHWISE_CONV_2D");
        Assert.Equal("SAME", ((StringAttr)convolution.Attributes["padding"]!).Text);
        Assert.Equal(1, ((IntAttr)convolution.Attributes["dilation_w_factor"]!).Value);
        Quantization weights = convolution.Inputs[1].Node.Tensors[0].Quantization!;
        Assert.Equal(8, weights.Scales.Count);
        Assert.Equal(3, weights.Axis);
        Assert.Equal(weights, convolution.Inputs[1].Node.Fact(0).Quantization);
    }
}
