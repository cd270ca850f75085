using System.Text.Json;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>The TensorFlow Lite models that Decant writes, run by LiteRT, TensorFlow Lite's own runtime.</summary>
public sealed class LiteRTTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-4;

    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases =
        NodeModel.Cases("tflite", "checkpoint-v2", "graphdef", "keras-h5", "keras-zip", "savedmodel", "tfjs-graph", "tfjs-layers");

    // Where another order of sums changes more: basic-pitch takes the logarithms of powers near zero and stretches them over the range that
    // they have; the recorded case says to trust three digits.
    private static readonly Dictionary<string, double> Sensitive = new() { ["savedmodel/basic-pitch/ref/chirp"] = 1e-3 };

    // What converts, and Decant runs, but the runtime's interface for browsers does not, with what it says.
    private static readonly Dictionary<string, string> NotRun = new()
    {
        ["graphdef/dl4j-lenet/ref-tfjs/rand"] = "INT64",
    };

    // How many outputs have shapes that depend on data.
    private static readonly Dictionary<string, int> Open = new() { ["tfjs-graph/human-handtrack/ref/image"] = 5 };

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<int> Choices => [.. Enumerable.Range(0, BoxChoiceModel.All.Count)];

    /// <summary>Also where an overlap is the limit itself.</summary>
    [NodeTheory]
    [MemberData(nameof(Choices))]
    public void LiteRT_chooses_the_boxes_that_our_operators_choose(int number)
    {
        BoxChoiceModel choice = BoxChoiceModel.All[number];
        using var work = new TemporaryFolder();
        using Model lite = choice.Make();
        lite.Save(work["model.tflite"], "tflite");
        string[] outputs = [.. Decant.IR.SignatureView.Of(lite).Outputs.Select(o => o.Name)];
        using var session = new Session(lite);
        NodeModel.Agree(session.Run(choice.Inputs(), outputs), NodeModel.Run("litert_run.mjs", work["model.tflite"], choice.Inputs(), outputs, work), Tolerance);
    }

    [SharedNodeTheory]
    [MemberData(nameof(Names))]
    public void LiteRT_gives_what_the_original_gives(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        using var work = new TemporaryFolder();
        using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Dictionary<string, Tensor> inputs = NodeModel.Inputs(folder, it);
        string[] outputs = [.. it.GetProperty("outputs").EnumerateObject().Select(o => o.Name)];
        string? signature = it.TryGetProperty("signature", out JsonElement key) ? key.GetString() : null;
        Model Convert(string[]? wanted) => source.Convert(new ConvertOptions
        {
            Signatures = signature is null ? [] : [signature],
            Inputs = signature is null ? [.. inputs.Keys] : null,
            Outputs = signature is null ? wanted : null,
            InputShapes = inputs.ToDictionary(i => i.Key, i => i.Value.Shape),
        }).Model;
        Model converted = Convert(outputs);

        // The interface gives no outputs whose shapes depend on data. Those that only inference does not tell it finds out.
        if (Open.TryGetValue(name, out int open))
        {
            string[] known = [.. converted.Signatures[0].Outputs.Where(o => o.Shape.IsFullyKnown).Select(o => o.Name)];
            Assert.Equal(open, outputs.Length - known.Length);
            converted = Convert(outputs = known);
        }

        converted.Save(work["model.tflite"], "tflite");
        var feeds = converted.Signatures[0].Inputs.ToDictionary(i => i.Name, i => NodeModel.ForModel(inputs[i.Name], i.DType));
        using var session = new Session(source);
        IReadOnlyDictionary<string, Tensor> expected = session.Run(inputs.ToDictionary(i => i.Key, i => feeds.GetValueOrDefault(i.Key, i.Value)), outputs, signature);
        Dictionary<string, (long[] Shape, double[] Values)> Run() => NodeModel.Run("litert_run.mjs", work["model.tflite"], feeds, outputs, work);
        if (NotRun.TryGetValue(name, out string? reason))
            Assert.Contains(reason, Assert.ThrowsAny<Exception>(() => Run()).Message, StringComparison.OrdinalIgnoreCase);
        else
            NodeModel.Agree(expected, Run(), Sensitive.GetValueOrDefault(name, Tolerance));
    }
}
