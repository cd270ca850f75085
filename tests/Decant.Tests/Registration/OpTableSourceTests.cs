using Decant.IR.TextForm;
using Decant.Ops;
using Decant.Registration;
using Decant.Samples;
using Decant.Samples.TrimmedApp;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Registration;

public sealed class OpTableSourceTests
{
    [Theory]
    [InlineData("graph {\n  x = Placeholder() {dtype: float32}\n  y = Neg(x) {T: float32}\n}", "KnownOps.Neg, KnownOps.Placeholder", "new(Ops)")]
    [InlineData("graph {\n  p = Placeholder() {dtype: bool}\n  y = Switch(p, p) {T: bool}\n}", "KnownOps.Assert, KnownOps.Const, KnownOps.Identity, KnownOps.IdentityN, KnownOps.If, KnownOps.LogicalNot, KnownOps.NoOp, KnownOps.Placeholder, KnownOps.StatelessIf, KnownOps.StatelessWhile, KnownOps.While", "new(Ops) { Flattens = true }")]
    [InlineData("graph {\n  s = Placeholder() {dtype: string}\n  y = RestoreV2(s, s, s) {dtypes: [float32]}\n}", "KnownOps.Placeholder, KnownOps.RestoreV2", "new(Ops) { ReadsCheckpoints = true }")]
    public void The_source_names_the_ops_and_what_they_need(string graph, string ops, string options)
    {
        using var folder = new TemporaryFolder();
        using (Model written = GraphParser.Parse(graph))
            written.Save(folder["m.pb"], "graphdef");
        using Model model = Model.Load(folder["m.pb"]);
        string source = OpTableSource.Write(OpSelection.Of([model]), [model], "MyOps", null);
        Assert.DoesNotContain("namespace", source, StringComparison.Ordinal);
        Assert.Equal(ops, string.Join(", ", source.Split('\n').Select(l => l.Trim().TrimEnd(',')).Where(l => l.StartsWith("KnownOps.", StringComparison.Ordinal))));
        Assert.Contains($"public static SessionOptions Options => {options};", source, StringComparison.Ordinal);
        Assert.Contains("new LoadOptions([KnownFormats.BinaryGraphDef])", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ModelOps.cs", "ModelOps")]
    [InlineData("src/text-cnn.ops.cs", "TextCnnOps")]
    [InlineData("2d.cs", "Model2d")]
    [InlineData("-.cs", "Model")]
    public void The_class_is_called_after_the_file(string file, string name) => Assert.Equal(name, OpTableSource.ClassName(file));

    [Fact]
    public void The_source_of_the_sample_is_what_is_written_now_and_runs_its_model_to_the_same_answers()
    {
        using var folder = new TemporaryFolder();
        using Model original = Model.Load(Path.Combine(SharedData.Repository, "samples", SampleModels.ImageNet));
        original.Freeze().Save(folder["image-net.pb"], "graphdef");
        using Model model = ImageNetOps.Load(folder["image-net.pb"]);
        Assert.Equal(
            File.ReadAllText(Path.Combine(SharedData.Repository, "samples", "TrimmedApp", "ImageNetOps.cs")).ReplaceLineEndings("\n"),
            OpTableSource.Write(OpSelection.Of([model]), [model], "ImageNetOps", "Decant.Samples.TrimmedApp"));

        var random = new Random(3);
        var inputs = new Dictionary<string, Tensor> { ["serving_default_image"] = Tensor.Wrap<float>([.. Enumerable.Range(0, 2 * 32 * 32 * 3).Select(_ => random.NextSingle())], new Shape(2, 32, 32, 3)) };
        using Session own = new(model, ImageNetOps.Options), all = new(model);
        Assert.Equal(all.Run(inputs)["StatefulPartitionedCall"].Span<float>().ToArray(), own.Run(inputs)["StatefulPartitionedCall"].Span<float>().ToArray());
    }

    /// <summary>What is listed is enough: no graph needs an op that its table does not have.</summary>
    [SharedFact]
    public void Graphs_run_by_their_own_ops()
    {
        List<string> faults = [];
        Parallel.ForEach(GoldenCases.Deterministic, name =>
        {
            (Model model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> expected) = GoldenCases.Load(name);
            using Model opened = model;
            OpSelection selection = OpSelection.Of([model], [.. expected.Keys]);
            var table = new OpTable(OpTableSource.Ops(selection).Select(o => OpTable.All.TryGet(o, out Op? op) ? op : throw new InvalidOperationException(o)));
            try
            {
                if (OpTarget.Decant.Lacks(selection) is [var lack, ..])
                    throw new InvalidOperationException(lack.Why);
                using var session = new Session(model, new SessionOptions(table) { Flattens = selection.CallsFunctions || selection.HasControlFlow });
                IReadOnlyDictionary<string, Tensor> found = session.Run(inputs, [.. expected.Keys]);
                Assert.All(expected.Keys, tensor => Assert.NotNull(found[tensor]));
            }
            catch (Exception e) when (e is ModelException or InvalidOperationException)
            {
                lock (faults)
                    faults.Add($"{name}: {e.Message}");
            }
        });
        Assert.Empty(faults);
    }

    [Fact]
    public void A_format_without_a_name_of_its_own_is_refused()
    {
        using Model model = GraphParser.Parse("graph {\n  x = Placeholder() {dtype: float32}\n}");
        Assert.Equal("format-not-supported", Assert.Throws<ModelException>(() => OpTableSource.Write(OpSelection.Of([model]), [model], "A", null)).Diagnostics[0].Code.Id);
    }
}
