using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering.Raising;

public sealed class DetectionRulesTests
{
    /// <summary>Corners are computed in float32, and in TensorFlow Lite in float64.</summary>
    private const double Tolerance = 1e-6;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, DetectionModel.All.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Detections_are_those_of_the_operator(int number)
    {
        DetectionModel detection = DetectionModel.All[number];
        using Model lite = detection.Make();
        using Model raised = lite.ToTensorFlow();
        Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        using var first = new Session(lite);
        using var second = new Session(raised);
        Dictionary<string, Tensor> inputs = detection.Inputs();
        string[] names = [.. SignatureView.Of(lite).Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> expected = first.Run(inputs, names), found = second.Run(inputs, names);
        Assert.InRange(expected[names[3]].Span<float>()[0], 1, detection.Most);
        foreach (string name in names)
            Assert.Null(TensorComparison.Difference(found[name], expected[name], 0, Tolerance));
    }

    [SharedTheory]
    [InlineData("detection_postprocess_test", "TFLite_Detection_PostProcess")]
    [InlineData("non_max_suppression_test", "NON_MAX_SUPPRESSION_V4")]
    public void Recorded_operators_become_graphs_with_their_results(string test, string op)
    {
        int compared = 0;
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path($"opcases/tflite/{test}")).Where(c => c.Op == op))
        {
            using Model model = Model.Load(@case.Model);
            var main = (Function)model.Graph;
            (Dictionary<string, Tensor> given, IReadOnlyList<(string Position, Tensor Expected)> outputs) = @case.FirstStep(main);
            foreach ((string position, Tensor value) in given)
                main.ArgNodes[int.Parse(position)].Tensors = [main.ArgNodes[int.Parse(position)].Tensors[0] with { Shape = value.Shape, Signature = Shape.Unknown, HasRank = true }];
            Model? raised = null;
            try
            {
                raised = model.ToTensorFlow();
            }
            catch (ModelException e)
            {
                // Limits that are fed.
                Assert.Contains("has a number of boxes that is not constant", e.Message, StringComparison.Ordinal);
                continue;
            }

            using (raised)
            using (var session = new Session(raised))
            {
                Signature signature = raised.Signatures[0];
                string[] names = [.. signature.Outputs.Select(o => o.Name)];
                IReadOnlyDictionary<string, Tensor> found = session.Run(given.ToDictionary(f => signature.Inputs[int.Parse(f.Key)].Name, f => Real(f.Value, main.ArgNodes[int.Parse(f.Key)].Tensors[0])), names);
                foreach ((string position, Tensor expected) in outputs)
                    Assert.True(TensorComparison.Difference(found[names[int.Parse(position)]], expected, 0, 1e-4) is not { } difference, $"{@case.Id} output {position}: {TensorComparison.Difference(found[names[int.Parse(position)]], expected, 0, 1e-4)}");
                compared++;
            }
        }

        Assert.True(compared > 0, "none compared");
    }

    public static TheoryData<int> Choices => [.. Enumerable.Range(0, BoxChoiceModel.All.Count)];

    /// <summary>Also where an overlap is the limit itself, which the operator drops, and TensorFlow's op does not.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void Boxes_are_chosen_as_the_operator_chooses_them(int number)
    {
        BoxChoiceModel choice = BoxChoiceModel.All[number];
        using Model lite = choice.Make();
        using var first = new Session(lite);
        Dictionary<string, Tensor> inputs = choice.Inputs();
        string[] names = [.. SignatureView.Of(lite).Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> expected = first.Run(inputs, names);
        Model raised;
        if (choice.IsHard)
        {
            raised = lite.ToTensorFlow();
        }
        else
        {
            ModelException e = Assert.Throws<ModelException>(() => lite.ToTensorFlow());
            Assert.Contains("makes scores fall and drops boxes that overlap", e.Message, StringComparison.Ordinal);
            raised = lite.ConvertToTFJS(new TFJSConvertOptions()).Model;
            // This is run by our own op, which then drops from the next number on.
            Assert.Equal(choice.Overlap, raised.Graph.Nodes.Single(n => n.Op == "NonMaxSuppressionV5").Inputs[3].Constant!.Span<float>()[0]);
            if (choice.Overlap == 0.5f)
                return;
        }

        using (raised)
        using (var second = new Session(raised))
        {
            Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
            IReadOnlyDictionary<string, Tensor> found = second.Run(inputs, names);
            foreach (string name in names)
                Assert.Null(TensorComparison.Difference(found[name], expected[name], 0, Tolerance));
        }
    }

    [Fact]
    public void Operators_that_drop_boxes_without_an_overlap_are_refused()
    {
        using Model lite = new BoxChoiceModel(5, 3, 0, 0.1f, 0).Make();
        Assert.Contains("drops overlaps from 0 on", Assert.Throws<ModelException>(() => lite.ToTensorFlow()).Message, StringComparison.Ordinal);
    }

    /// <summary>What TensorFlow's op does not drop, operators and TensorFlow.js do not drop.</summary>
    [Theory]
    [InlineData(0f, 0.50000006f)]
    [InlineData(0.5f, 1f)]
    public void The_limit_of_overlaps_is_the_largest_where_scores_fall(float sigma, float written)
    {
        using Model model = Decant.IR.TextForm.GraphParser.Parse($$$"""
            graph {
              boxes = Placeholder() {dtype: float32, shape: shape[4,4]}
              scores = Placeholder() {dtype: float32, shape: shape[4]}
              most = Const() {dtype: int32, value: int32[] {3}}
              overlap = Const() {dtype: float32, value: float32[] {0.5}}
              least = Const() {dtype: float32, value: float32[] {0.25}}
              sigma = Const() {dtype: float32, value: float32[] {{{{sigma}}}}}
              y = NonMaxSuppressionV5(boxes, scores, most, overlap, least, sigma) {T: float32}
            }
            """);
        Model web = model.ConvertToTFJS(new TFJSConvertOptions { Outputs = ["y"] }).Model, lite = model.Convert(new ConvertOptions { Outputs = ["y"] }).Model;
        Assert.Equal(written, web.Graph.Nodes.Single(n => n.Op == "NonMaxSuppressionV5").Inputs[3].Constant!.Span<float>()[0]);
        Assert.Equal(written, lite.Graph.Nodes.Single(n => n.Op.Name == "NON_MAX_SUPPRESSION_V5").Inputs[3].Constant!.Span<float>()[0]);
    }

    [Fact]
    public void Detections_of_too_many_classes_are_refused()
    {
        using Model lite = new DetectionModel(true, 1, 1001, 0, 2, 3).Make();
        ModelException e = Assert.Throws<ModelException>(() => lite.ToTensorFlow());
        Assert.Equal((ConvertErrors.UnsupportedOp, "chosen"), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.Node));
    }

    /// <summary>TensorFlow.js drops boxes that overlap by the limit itself.</summary>
    [Theory]
    [InlineData(0.5f, 0.50000006f)]
    [InlineData(1f, 1f)]
    public void The_limit_of_overlaps_is_the_next_number_in_TensorFlow_js(float limit, float written)
    {
        using Model model = Decant.IR.TextForm.GraphParser.Parse($$$"""
            graph {
              boxes = Placeholder() {dtype: float32, shape: shape[4,4]}
              scores = Placeholder() {dtype: float32, shape: shape[4]}
              most = Const() {dtype: int32, value: int32[] {3}}
              overlap = Const() {dtype: float32, value: float32[] {{{{limit}}}}}
              least = Const() {dtype: float32, value: float32[] {0.25}}
              y = NonMaxSuppressionV3(boxes, scores, most, overlap, least) {T: float32, T_threshold: float32}
            }
            """);
        Model converted = model.ConvertToTFJS(new TFJSConvertOptions { Outputs = ["y"] }).Model;
        Node node = converted.Graph.Nodes.Single(n => n.Op == "NonMaxSuppressionV3");
        Assert.Equal(written, node.Inputs[3].Constant!.Span<float>()[0]);
    }

    private static Tensor Real(Tensor value, TensorSpec spec) => Decant.Lowering.Raising.Constants.StandsForReals(spec) ? Decant.Quantizing.Quantized.Dequantize(value, spec.Quantization!) : value;
}
