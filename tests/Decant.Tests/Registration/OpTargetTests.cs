using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Ops;
using Decant.Registration;
using Decant.TestKit;

namespace Decant.Tests.Registration;

public sealed class OpTargetTests
{
    /// <summary>Op, its attributes, and what each target says; null where it lacks nothing.</summary>
    public static TheoryData<string, string, string?, string?, string?> Cases => new()
    {
        { "Relu", "T: float32", null, null, null },
        { "Relu", "T: float64", null, "Registered kernels:  not for float64, but at most for bool, float32, int32", null },
        { "Ceil", "T: float32", null, "No OpKernel was registered to support Op 'Ceil' with these attrs.  Registered devices: [CPU], Registered kernels:  <no registered kernels>", null },
        { "VarHandleOp", "dtype: float32, shape: shape[]", null, "No OpKernel was registered to support Op 'VarHandleOp'", null },
        { "Betainc", "T: float32", null, "'Betainc'", "TensorFlow.js has no op Betainc" },
        { "Inv", "T: int32", "op Inv has no kernel", null, null },
        { "Swish", "T: float32", "TensorFlow has none", "'Swish'", "TensorFlow.js has no op Swish" },
        { "Sigmoi", "T: float32", "the nearest is Sigmoid", "'Sigmoi'", "TensorFlow.js has no op Sigmoi" },
        { "Merge", "T: float32, N: 1", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_target_says_what_it_lacks(string op, string attributes, string? decant, string? mobile, string? tfjs)
    {
        string type = attributes.Contains("T: ", StringComparison.Ordinal) ? attributes.Split("T: ")[1].Split(',')[0] : "float32";
        string inputs = op switch { "VarHandleOp" => "", "Betainc" => "x, x, x", _ => "x" };
        using Model model = GraphParser.Parse($"graph {{\n  x = Placeholder() {{dtype: {type}}}\n  y = {op}({inputs}) {{{attributes}}}\n}}");
        NeededKernel kernel = Assert.Single(OpSelection.Of([model], ["y"]).Kernels, k => k.Op == op);
        Says("decant", decant);
        Says("mobile", mobile);
        Says("tfjs", tfjs);

        void Says(string target, string? expected)
        {
            string? found = OpTarget.Find(target).Lack(kernel);
            if (expected is null)
                Assert.Null(found);
            else
                Assert.Contains(expected, found, StringComparison.Ordinal);
        }
    }

    [SharedFact]
    public void TensorFlow_js_has_all_ops_of_its_list()
    {
        string[] ops = [.. File.ReadLines(SharedData.Path("spec/tfjs-ops.tsv")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')[1])];
        Assert.All(ops, o => Assert.True(TfjsOps.Has(o), o));
        Assert.InRange(ops.Length, 200, 400);
    }

    /// <summary>Golden graphs: what is refused is lacking, by the same reasons, and nothing lacks of what is converted.</summary>
    [SharedFact]
    public void TensorFlow_js_lacks_what_conversions_are_refused_for()
    {
        const int Every = 4;
        int converted = 0, refused = 0;
        foreach (string name in GoldenCases.Deterministic.Where((_, i) => i % Every == 0).Concat(["histogram_fixed_width/rank1", "eye/e22_b1", "matrix_inverse/rank3"]))
        {
            (Model model, _, Dictionary<string, Tensor> outputs) = GoldenCases.Load(name);
            using Model opened = model;
            string[] why = [.. OpTarget.Find("tfjs").Lacks(OpSelection.Of([model], [.. outputs.Keys])).Select(l => l.Why)];
            try
            {
                model.ConvertToTFJS(new TFJSConvertOptions { Outputs = [.. outputs.Keys] });
                Assert.True(why.Length == 0, $"{name} is converted, and lacks {string.Join(", ", why)}");
                converted++;
            }
            catch (ModelException e) when (e.Diagnostics.All(d => d.Code == ConvertErrors.UnsupportedOp))
            {
                string[] told = [.. e.Diagnostics.Where(d => d.Location?.Node is not null).Select(d => d.Message)];
                Assert.True(why.Length > 0 && told.All(why.Contains) && why.Except(told).All(w => e.Diagnostics[0].Message.EndsWith(w.Split(' ')[^1], StringComparison.Ordinal) || e.Diagnostics[0].Message.Contains($" {w.Split(' ')[^1]},", StringComparison.Ordinal)),
                    $"{name}: lacks {string.Join("; ", why)}, and is refused: {e.Message}");
                refused++;
            }
        }

        // All that are looked at have a form now; large matrices have none.
        Assert.True(converted > 200, $"{converted} converted, {refused} refused");
        using Model large = GraphParser.Parse("graph {\nx = Placeholder() {dtype: float32, shape: shape[9, 9]}\ny = MatrixInverse(x) {T: float32}\n}");
        string[] lacks = [.. OpTarget.Find("tfjs").Lacks(OpSelection.Of([large], ["y"])).Select(l => l.Why)];
        ModelException refusal = Assert.Throws<ModelException>(() => large.ConvertToTFJS(new TFJSConvertOptions { Outputs = ["y"] }));
        Assert.Contains(refusal.Diagnostics.Single(d => d.Location?.Node is not null).Message, lacks);
    }

    [Fact]
    public void TensorFlow_js_lacks_nothing_that_is_frozen_or_composed()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              v = VariableV2() {dtype: float32, shape: shape[2]}
              x = Placeholder() {dtype: float32, shape: shape[2, 2]}
              r = Rint(x) {T: float32}
              d = Const() {dtype: float32, value: float32[2] {1, 2}}
              s = MatrixSetDiag(r, d) {T: float32}
              y = Betainc(s, s, s) {T: float32}
            }
            """);
        Assert.Empty(OpTarget.Find("tfjs").Lacks(OpSelection.Of([model], ["s"])));
        (NeededKernel kernel, string why) = Assert.Single(OpTarget.Find("tfjs").Lacks(OpSelection.Of([model], ["y"])));
        Assert.Equal(("Betainc", "y", "TensorFlow.js has no op Betainc"), (kernel.Op.Name, Assert.Single(kernel.Places).Node, why));
        Assert.Contains(OpTarget.Find("tfjs").Lacks(OpSelection.Of([model], allNodes: true)), l => l.Kernel.Op == "Betainc");
    }

    [Fact]
    public void TensorFlow_Lite_lacks_ops_without_a_form_and_not_what_freezing_takes_out()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              v = VariableV2() {dtype: float32, shape: shape[2]}
              read = Identity(v) {T: float32}
              x = Lgamma(read) {T: float32}
              y = Neg(x) {T: float32}
            }
            """);
        (NeededKernel kernel, string why) = Assert.Single(OpTarget.Find("tflite").Lacks(OpSelection.Of([model], ["y"])));
        Assert.Equal("Lgamma", kernel.Op.Name);
        Assert.Contains("--allow-select-ops", why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_target_answers_with_the_nearest()
    {
        Diagnostic fault = Assert.Throws<ModelException>(() => OpTarget.Find("mobil")).Diagnostics[0];
        Assert.Equal((RegistrationErrors.UnknownTarget, "did you mean 'mobile'? the targets are 'decant', 'mobile', 'tfjs', 'tflite'"), (fault.Code, fault.Hint));
    }
}
