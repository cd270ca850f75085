using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Lowering;

/// <summary>Graphs that are cut at nodes of several outputs.</summary>
public sealed class CutInputsTests
{
    private const string Text = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2, 6]}
          axis = Const() {dtype: int32, value: int32[] {1}}
          s = Split(axis, x) {T: float32, num_split: 3}
          a = Neg(s:1) {T: float32}
          b = AddV2(a, s:2) {T: float32}
          y = Mul(b, s) {T: float32}
          z = Exp(s:1) {T: float32}
        }
        """;

    /// <summary>Formats, and inputs with the outputs that they make.</summary>
    public static TheoryData<string, string[], string[]> Cuts
    {
        get
        {
            var cuts = new TheoryData<string, string[], string[]>();
            foreach (string format in (string[])["tflite", "tfjs", "graphdef", "saved_model"])
            {
                cuts.Add(format, ["s:1"], ["z"]);
                cuts.Add(format, ["s:1", "x"], ["y", "z"]);
                cuts.Add(format, ["s", "x"], ["y"]);
                cuts.Add(format, ["s:2", "s:0", "s:1"], ["y", "z"]);
                cuts.Add(format, ["x", "s:2"], ["y", "z"]);
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Values_of_a_node_with_several_outputs_become_inputs(string format, string[] inputs, string[] outputs)
    {
        using Model model = GraphParser.Parse(Text);
        using var folder = new TemporaryFolder();
        string path = folder[format is "tflite" ? "m.tflite" : format is "graphdef" ? "m.pb" : "m"];
        ConvertResult result = format switch
        {
            "tflite" => model.Convert(new ConvertOptions { Inputs = inputs, Outputs = outputs }),
            "tfjs" => model.ConvertToTFJS(new TFJSConvertOptions { Inputs = inputs, Outputs = outputs }),
            _ => model.ConvertToGraph(new FreezeOptions { Inputs = inputs, Outputs = outputs }),
        };
        using Model cut = result.Model;
        ConvertCheck check = ConvertCheck.Run(result, cut, new Dictionary<string, Tensor>(), 1, ConvertCheck.Tolerance);
        Assert.Null(check.NotRun);
        Assert.Equal(outputs.Length, check.Outputs.Count);
        Assert.True(check.Passed);
        cut.Save(path, format);
        using Model read = Model.Load(path);
        var feeds = inputs.Select((name, i) => (name, Value: Values(name == "x" ? 6 : 2, i))).ToDictionary(f => f.name, f => f.Value);
        using Session original = new(model), other = new(read);
        IReadOnlyDictionary<string, Tensor> expected = original.Run(feeds, outputs), found = other.Run(feeds, outputs);
        foreach (string output in outputs)
            Assert.Null(TensorComparison.Difference(found[output], expected[output], 1e-6, 1e-6));
    }

    [Fact]
    public void Several_values_stay_inputs_where_ops_are_composed()
    {
        using Model model = GraphParser.Parse(Text.Replace("Exp(s:1)", "Xlogy(s:1, s:2)", StringComparison.Ordinal));
        using Model cut = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["s:1", "s:2"], Outputs = ["z"] }).Model;
        Assert.Equal(["s/1:0", "s/2:0"], cut.Signatures[0].Inputs.Select(i => i.Tensor));
        Assert.DoesNotContain(cut.Graph.Nodes, n => n.Op == "Xlogy");
    }

    [Fact]
    public void A_shape_is_given_to_one_of_several_values()
    {
        using Model model = GraphParser.Parse(Text.Replace("shape[2, 6]", "shape[?, 6]", StringComparison.Ordinal));
        using Model cut = model.Convert(new ConvertOptions { Inputs = ["s:1"], Outputs = ["z"], InputShapes = new Dictionary<string, Shape> { ["s:1"] = new(5, 2) } }).Model;
        Assert.Equal(new Shape(5, 2), ((Function)cut.Graph).ArgNodes.Single().Fact(0).Shape);
    }

    private static Tensor Values(int columns, int seed)
    {
        var random = new Random(seed);
        return Tensor.Wrap([.. Enumerable.Range(0, 2 * columns).Select(_ => random.NextSingle())], new Shape(2, columns));
    }
}
