using System.Text.Json;
using Decant.Lowering;

namespace Decant.Interop.Tests;

/// <summary>The TensorFlow.js models that Decant writes, run by TensorFlow.js itself.</summary>
public sealed class TFJSTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-4;

    /// <summary>The recorded cases whose models can be converted, one of each model.</summary>
    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases = new[] { NodeModel.Cases("tfjs", "graphdef", "checkpoint-v2", "savedmodel"), NodeModel.Cases("run", "tfjs-graph") }
        .SelectMany(c => c).ToDictionary();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedNodeTheory]
    [MemberData(nameof(Names))]
    public void TensorFlow_js_gives_what_Decant_gives(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        using var work = new TemporaryFolder();
        using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Dictionary<string, Tensor> inputs = NodeModel.Inputs(folder, it);
        string[] outputs = [.. it.GetProperty("outputs").EnumerateObject().Select(o => o.Name)];
        bool signed = it.TryGetProperty("signature", out JsonElement key);
        source.ConvertToTFJS(new TFJSConvertOptions { Signature = signed ? key.GetString() : null, Inputs = signed ? null : [.. inputs.Keys], Outputs = signed ? null : outputs })
            .Model.Save(work["web"], "tfjs");
        using Model written = Model.Load(work["web"]);
        using var session = new Session(written);
        var feeds = inputs.Where(i => written.Signatures[0].Inputs.Any(s => s.Name == i.Key)).ToDictionary(i => i.Key, i => NodeModel.ForModel(i.Value, written.Signatures[0].Inputs.First(s => s.Name == i.Key).DType));
        IReadOnlyDictionary<string, Tensor> ours = session.Run(feeds, outputs);
        NodeModel.Agree(ours, NodeModel.Run("tfjs_run.mjs", work["web/model.json"], feeds.ToDictionary(f => f.Key, f => ForNode(f.Value)), outputs, work), Tolerance);
    }

    private static Tensor ForNode(Tensor value) => value.DType switch
    {
        DType.UInt8 => Tensor.Wrap(Array.ConvertAll(value.Span<byte>().ToArray(), v => (int)v), value.Shape),
        DType.Int64 => Tensor.Wrap(Array.ConvertAll(value.Span<long>().ToArray(), v => checked((int)v)), value.Shape),
        DType.Float64 => Tensor.Wrap(Array.ConvertAll(value.Span<double>().ToArray(), v => (float)v), value.Shape),
        _ => value,
    };
}
