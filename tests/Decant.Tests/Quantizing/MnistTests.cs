using System.IO.Compression;
using System.Numerics.Tensors;
using Decant.IR;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;

namespace Decant.Tests.Quantizing;

/// <summary>Networks that other people trained, on images that they never saw: integers give the answers that floats give.</summary>
public sealed class MnistTests
{
    private const int Pixels = 28 * 28, Calibrated = 100, Tested = 500;

    /// <summary>
    /// The least part of images on which the integer model has the float model's answer. Those on which they differ are the ones that the
    /// float model is not sure of: with 8 bits a logit is off by about a hundredth of the largest.
    /// </summary>
    private const double LeastAgreement = 0.985;

    /// <summary>The least cosine of all outputs together: weights of float16 have 11 bits.</summary>
    private const double LeastCosineFloat16 = 0.9999;

    /// <summary>The same for weights of 7 bits and a sign, whatever the activations have: the bound of the acceptance cases.</summary>
    private const double LeastCosine = 0.99;

    public static TheoryData<string, string, string, bool, QuantizationMode> Networks
    {
        get
        {
            var cases = new TheoryData<string, string, string, bool, QuantizationMode>();
            foreach (QuantizationMode mode in new[] { QuantizationMode.Float16, QuantizationMode.Dynamic, QuantizationMode.Int8, QuantizationMode.Int16 })
            {
                cases.Add("graphdef/dl4j-lenet/lenet_frozen.pb", "input", "Lenet/fc9_1/Relu", true, mode);
                cases.Add("graphdef/t2o-fc-layers/frozen.pb", "X", "output", true, mode);
                cases.Add("keras-h5/mnist-moonflower/mnist_model.h5", "input_layer", "dense", false, mode);
                cases.Add("savedmodel/mlnet-mnist-conv-model", "Features", "Prediction", false, mode);
            }

            return cases;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Networks))]
    public void A_network_keeps_its_answers(string path, string input, string output, bool isFlat, QuantizationMode mode)
    {
        byte[] images = Unpacked("t10k-images-idx3-ubyte.gz")[16..];
        Tensor Images(int first, int count) => Tensor.Wrap(Array.ConvertAll(images[(first * Pixels)..((first + count) * Pixels)], p => p / 255f), isFlat ? new Shape(count, Pixels) : new Shape(count, 28, 28, 1));
        using Model model = Model.Load(SharedData.Path($"data/{path}"));
        Dictionary<string, Tensor>[] set = [.. Enumerable.Range(0, Calibrated).Select(i => new Dictionary<string, Tensor> { [input] = Images(i, 1) })];
        ConvertOptions options = new() { Inputs = [input], Outputs = [output] };
        Tensor expected = Run(model, options), found = Run(model, options with { Quantize = mode, Integers = new IntegerOptions { Calibration = mode is QuantizationMode.Int8 or QuantizationMode.Int16 ? CalibrationSet.Of(set) : null } });
        int classes = (int)expected.Shape[-1], agreed = 0;
        for (int i = 0; i < Tested; i++)
        {
            ReadOnlySpan<float> a = expected.Span<float>().Slice(i * classes, classes), b = found.Span<float>().Slice(i * classes, classes);
            agreed += TensorPrimitives.IndexOfMax(a) == TensorPrimitives.IndexOfMax(b) ? 1 : 0;
        }

        Assert.InRange(TensorPrimitives.CosineSimilarity(expected.Span<float>(), found.Span<float>()), mode == QuantizationMode.Float16 ? LeastCosineFloat16 : LeastCosine, 1.0001);
        Assert.InRange((double)agreed / Tested, LeastAgreement, 1);

        Tensor Run(Model source, ConvertOptions how)
        {
            Model converted = source.Convert(how).Model;
            using var session = new Session(converted);
            return session.Run(new Dictionary<string, Tensor> { [input] = Images(Calibrated, Tested) })[output];
        }
    }

    private static byte[] Unpacked(string name)
    {
        using var file = new GZipStream(File.OpenRead(SharedData.Path($"data/data/mnist-t10k/{name}")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
