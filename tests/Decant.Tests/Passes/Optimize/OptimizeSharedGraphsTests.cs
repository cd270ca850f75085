using Decant.Comparison;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Passes;
using Decant.Passes.Optimize;
using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Every graph of the shared set gives after optimizing what it gave before and is not larger than the margin; optimizing it again changes nothing.</summary>
public sealed class OptimizeSharedGraphsTests(ITestOutputHelper output)
{
    public static TheoryData<string> Golden => [.. GoldenCases.Deterministic];

    public static TheoryData<string> Models =>
    [
        .. SharedData.Files("data/savedmodel", "saved_model.pb").Select(p => Path.GetRelativePath(SharedData.Root, Path.GetDirectoryName(p)!)),
        .. SharedData.Files("data/graphdef", "*.pb").Where(p => !p.Contains("dl4j-golden-shared", StringComparison.Ordinal)).Select(p => Path.GetRelativePath(SharedData.Root, p)),
        .. SharedData.Files("data/checkpoint-v2", "*.meta").Select(p => Path.GetRelativePath(SharedData.Root, p)),
    ];

    [SharedTheory]
    [MemberData(nameof(Golden))]
    public void A_golden_graph_gives_the_recorded_outputs_after_optimizing(string name)
    {
        string? difference = GoldenCases.Run(name, change: (model, inputs, outputs) =>
        {
            OptimizeResult result = Optimizer.Run(model, new OptimizeOptions { Inputs = inputs, Outputs = outputs, CheckEdits = model.Graph.Nodes.Count < 100 && Verifier.Find(model).Count == 0 }, model.ValueOf);
            AssertIsFixed(result);
            return result.Model;
        });
        Assert.True(difference is null, difference);
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void A_model_gives_the_same_outputs_after_optimizing(string path)
    {
        using Model model = Model.Load(SharedData.Path(path));
        OptimizeResult result;
        try
        {
            result = Optimizer.Run(model, new OptimizeOptions(), model.ValueOf);
        }
        catch (ModelException e) when (e.Diagnostics[0].Code == PassErrors.CannotFreeze || e.Diagnostics[0].Code == GraphErrors.NoValue || e.Diagnostics[0].Code == GraphErrors.BadAttribute)
        {
            output.WriteLine($"cannot be frozen: {e.Message}");
            return;
        }

        AssertIsFixed(result);
        OptimizeCheck check = OptimizeCheck.Run(model, result, new Dictionary<string, Tensor>(), 1);
        output.WriteLine($"{result.Reference.Graph.Nodes.Count} to {result.Model.Graph.Nodes.Count} nodes; {check.NotRun} {string.Join(' ', check.Comparison?.Outputs ?? [])}");
        Assert.True(check.Passed, string.Join('\n', check.Comparison?.Outputs ?? []));
    }

    private static void AssertIsFixed(OptimizeResult result)
    {
        Assert.True(result.IsComplete);
        Assert.InRange(Bytes(result.Model), 0, (Bytes(result.Reference) * 1.05) + 4096);
        OptimizeResult again = Optimizer.Run(result.Model, new OptimizeOptions { Inputs = result.Inputs, Outputs = result.Outputs }, result.Model.ValueOf);
        Assert.Equal(GraphPrinter.Print(result.Model), GraphPrinter.Print(again.Model));
    }

    private static long Bytes(Model model)
    {
        using var written = new MemoryStream();
        GraphDefFormat.WriteBinary(model, written);
        return written.Length;
    }
}
