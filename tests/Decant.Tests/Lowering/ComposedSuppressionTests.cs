using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>CombinedNonMaxSuppression, composed of one search for each image and class for TensorFlow Lite and for TensorFlow.js.</summary>
public sealed class ComposedSuppressionTests
{
    public static TheoryData<SuppressionModel> Models => [.. SuppressionModel.All];

    [Theory]
    [MemberData(nameof(Models))]
    public void Boxes_scores_classes_and_how_many_count_are_those_of_the_op(SuppressionModel suppression)
    {
        using Model model = suppression.Make();
        Check(model, suppression.Inputs());
    }

    [Fact]
    public void Equal_scores_come_in_the_order_of_classes()
    {
        using Model model = new SuppressionModel(1, 2, 1, 2, 2, 3, "0.5", "0.1").Make();
        Check(model, new Dictionary<string, Tensor>
        {
            ["boxes"] = Tensor.Wrap([0f, 0, 1, 1, 0, 2, 1, 3], new Shape(1, 2, 1, 4)),
            ["scores"] = Tensor.Wrap([0.5f, 0.5f, 0.5f, 0.75f], new Shape(1, 2, 2)),
        });
    }

    [Theory]
    [InlineData("?, 5, 1, 4", "?, 5, 2", "must know how many images and classes there are")]
    [InlineData("8, 5, 1, 4", "8, 5, 90", "searches 8 images for 90 classes")]
    [InlineData("1, 5, 1, 4", "5, 2", "expected [batch,n,1 or classes,4] and [batch,n,classes]")]
    public void Images_and_classes_that_cannot_be_counted_are_refused(string boxes, string scores, string message)
    {
        using Model model = new SuppressionModel(0, 0, 0, 0, 2, 4, "0.5", "0.1").Make(boxes, scores);
        Assert.Contains(message, Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["boxes", "scores"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_boxes_than_a_model_can_number_are_refused()
    {
        using Model model = new SuppressionModel(1, 5, 1, 2, int.MaxValue, 4, "0.5", "0.1").Make();
        Assert.Contains("keeps 2147483647 boxes of each of 2 classes", Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["boxes", "scores"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }

    private static void Check(Model model, Dictionary<string, Tensor> feeds)
    {
        (string[] inputs, string[] outputs) = SuppressionModel.Names;
        using var own = new Session(model);
        IReadOnlyDictionary<string, Tensor> wanted = own.Run(feeds, outputs);
        using Model lite = model.Convert(new ConvertOptions { Inputs = inputs, Outputs = outputs }).Model;
        using Model js = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = inputs, Outputs = outputs }).Model;
        Assert.DoesNotContain(js.Graph.Nodes, n => n.Op == "CombinedNonMaxSuppression");
        foreach (Model converted in (Model[])[lite, js])
        {
            using var session = new Session(converted);
            var view = SignatureView.Of(converted);
            IReadOnlyDictionary<string, Tensor> found = session.Run(feeds, [.. view.Outputs.Select(o => o.Name)]);
            foreach ((string output, SignatureTensor made) in outputs.Zip(view.Outputs))
            {
                Assert.Equal(wanted[output].Shape, found[made.Name].Shape);
                Assert.Equal(wanted[output].Data.ToArray(), found[made.Name].Data.ToArray());
            }
        }
    }
}
