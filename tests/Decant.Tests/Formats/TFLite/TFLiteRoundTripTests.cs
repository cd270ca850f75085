using Decant.IR;
using Decant.IR.TextForm;
using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Formats.TFLite;

/// <summary>Every model of TensorFlow Lite comes out again with all that it had, and twice with the same bytes.</summary>
public sealed class TFLiteRoundTripTests(ITestOutputHelper output)
{
    private const int LargestShown = 20;

    // Whole models are few; of the many single operators every sixth is enough here, as all of them are run in their own test.
    private static IEnumerable<string> Files => [.. SharedData.Files("data", "*.tflite").Where(f => !f.Contains("/bad/", StringComparison.Ordinal)), .. SharedData.Files("opcases/tflite", "*.tflite").Where((f, i) => i % 6 == 0)];

    [SharedFact]
    public void Every_model_survives_reading_and_writing()
    {
        using var folder = new TemporaryFolder();
        List<string> faults = [];
        int files = 0;
        foreach (string file in Files.Where(File.Exists))
        {
            files++;
            try
            {
                using Model first = Model.Load(file);
                first.Save(folder["once.tflite"], "tflite");
                using Model second = Model.Load(folder["once.tflite"]);
                Assert.Equal(Describe(first), Describe(second));
                second.Save(folder["twice.tflite"], "tflite");
                Assert.True(File.ReadAllBytes(folder["once.tflite"]).AsSpan().SequenceEqual(File.ReadAllBytes(folder["twice.tflite"])), "the second writing gives other bytes");
            }
            catch (Exception e)
            {
                faults.Add($"{FormatFiles.Short(file)}: {e.Message}");
            }
        }

        output.WriteLine($"{files} files, {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(LargestShown)));
        Assert.NotEqual(0, files);
    }

    /// <summary>All that a model has, as text.</summary>
    private static string Describe(Model model)
    {
        TFLiteParts parts = model.TFLite!;
        IEnumerable<Graph> graphs = model.Functions.Values.Prepend(model.Graph);
        return string.Join('\n', [
            GraphPrinter.Print(model), parts.Version.ToString(), parts.Description,
            .. parts.Metadata.Select(m => $"{m.Name} {Convert.ToHexString(m.Bytes.Span)}"), .. parts.UnnamedMetadata.Select(m => Convert.ToHexString(m.Span)),
            .. parts.ExternalBufferGroups, .. parts.ExternalBuffers.Select(b => b.ToString()),
            .. model.Signatures.Select(s => $"{s.Key} {s.Function}: {string.Join(',', s.Inputs)} -> {string.Join(',', s.Outputs)}"),
            .. graphs.SelectMany(g => g.Nodes).SelectMany(n => n.Tensors).Select(Describe),
        ]);
    }

    private static string Describe(TensorSpec spec) =>
        $"{spec.Index} '{spec.Name}' {spec.DType}{spec.Shape} {spec.Signature} {spec.HasRank} {spec.IsVariable} {spec.ExternalBuffer} {string.Join(';', spec.VariantTensors)}"
        + (spec.Quantization is { } q ? $" q [{string.Join(',', q.Scales)}] [{string.Join(',', q.ZeroPoints)}] {q.Axis} [{string.Join(',', q.Min)}] [{string.Join(',', q.Max)}] {q.Details}" : "")
        + (spec.Sparsity is { } s ? $" s [{string.Join(',', s.TraversalOrder)}] [{string.Join(',', s.BlockMap ?? [])}] {string.Join(';', s.Dimensions.Select(d => $"{d.IsSparse} {d.Size} {string.Join(',', d.Segments)} {d.SegmentBytes} {string.Join(',', d.Indices)} {d.IndexBytes}"))}" : "");
}
