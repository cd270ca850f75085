using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>
/// The golden graphs of TensorFlow, converted to TensorFlow Lite, written, read and run: those that have no form there are listed with
/// the reason, in <c>golden-refused.tsv</c>. Each is converted as users do, and without computing constants first, as most have no
/// inputs.
/// </summary>
public sealed class GoldenConversionTests
{
    /// <summary>Float64 is computed as float32.</summary>
    private const double RelativeTolerance = 1e-4;

    /// <summary>For values near 0.</summary>
    private const double AbsoluteTolerance = 1e-5;

    private static readonly string[] Folding = ["constant_folding", "materialize_shapes"];

    private static readonly ILookup<bool, (string Name, string Reason)> Refused = File.ReadLines(Path.Combine(SharedData.Repository, "tests/Decant.Tests/Lowering/golden-refused.tsv"))
        .Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')).ToLookup(r => r[0] == "plain", r => (r[1], r[2]));

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string name in GoldenCases.Deterministic)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void A_golden_graph_gives_the_recorded_outputs_after_conversion(string name, bool isPlain)
    {
        (string Name, string Reason) refused = Refused[isPlain].FirstOrDefault(r => r.Name == name);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string? Convert()
        {
            try
            {
                return GoldenCases.Run(name, change: (model, inputs, outputs) =>
                {
                    model.Convert(new ConvertOptions { Inputs = inputs, Outputs = outputs, Without = isPlain ? Folding : [] }).Model.Save(path, "tflite");
                    return Model.Load(path);
                }, relative: RelativeTolerance, absolute: AbsoluteTolerance);
            }
            finally
            {
                File.Delete(path);
            }
        }

        if (refused.Name is null)
        {
            Assert.Null(Convert());
            return;
        }

        if (refused.Reason.StartsWith("differs:", StringComparison.Ordinal))
        {
            Assert.NotNull(Convert());
            return;
        }

        var e = Assert.Throws<ModelException>(() => Convert());
        Assert.All(e.Diagnostics, d => Assert.Equal(ConvertErrors.UnsupportedOp, d.Code));
        Assert.Equal(refused.Reason, e.Diagnostics[0].Message);
    }

    /// <summary>Ops whose inputs or outputs are references to variables: they cannot be embedded.</summary>
    private static readonly string[] References = ["Assign", "Scatter"];

    [SharedFact]
    public void What_has_no_form_runs_embedded()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        foreach ((bool isPlain, (string name, string reason)) in Refused.SelectMany(r => r.Select(c => (r.Key, c))))
        {
            if (reason.StartsWith("differs:", StringComparison.Ordinal) || References.Any(r => reason.StartsWith(r, StringComparison.Ordinal)))
                continue;
            string? difference = GoldenCases.Run(name, change: (model, inputs, outputs) =>
            {
                model.Convert(new ConvertOptions { Inputs = inputs, Outputs = outputs, Without = isPlain ? Folding : [], AllowSelectOps = true }).Model.Save(path, "tflite");
                return Model.Load(path);
            }, relative: RelativeTolerance, absolute: AbsoluteTolerance);
            File.Delete(path);
            Assert.True(difference is null, $"{name}: {difference}");
        }
    }

    [SharedFact]
    public void Nearly_all_golden_graphs_have_a_form()
    {
        Assert.Equal(917, GoldenCases.Deterministic.Count);
        Assert.Single(Refused[false]);
        Assert.Equal(15, Refused[true].Count());
    }
}
