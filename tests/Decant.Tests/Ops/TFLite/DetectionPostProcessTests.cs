using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.TFLite;

public sealed class DetectionPostProcessTests
{
    /// <summary>Detections of several classes are chosen by code of their own.</summary>
    [Theory]
    [InlineData(40, 10)]
    [InlineData(200, 150)]
    public void Detections_of_one_class_are_the_best_of_those_of_several(int boxes, int most)
    {
        var one = new DetectionModel(false, 1, 5, 1, boxes, most);
        DetectionModel two = one with { PerDetection = 2 };
        Dictionary<string, Tensor> inputs = one.Inputs();
        float[] scores = inputs["scores"].Span<float>().ToArray();
        for (int i = 0; i < 18; i++)
            scores[i] = i is < 6 or 8 ? float.NaN : i == 9 ? -0f : i == 16 ? float.PositiveInfinity : scores[i];
        inputs["scores"] = Tensor.Wrap(scores, inputs["scores"].Shape);
        IReadOnlyList<float[]> single = Run(one, inputs), several = Run(two, inputs);
        Assert.Equal(several[3], single[3]);
        int count = (int)single[3][0];
        Assert.InRange(count, 3, most);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(several[0][(8 * i)..((8 * i) + 4)], single[0][(4 * i)..((4 * i) + 4)]);
            Assert.Equal((several[1][2 * i], several[2][2 * i]), (single[1][i], single[2][i]));
        }
    }

    private static IReadOnlyList<float[]> Run(DetectionModel detection, Dictionary<string, Tensor> inputs)
    {
        using Model model = detection.Make();
        using var session = new Session(model);
        string[] names = [.. SignatureView.Of(model).Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> outputs = session.Run(inputs, names);
        return [.. names.Select(n => outputs[n].Span<float>().ToArray())];
    }
}
