using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Lowering;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Interop.Tests;

/// <summary>The TensorFlow.js models that Decant writes, run by TensorFlow.js itself.</summary>
public sealed class TFJSTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-4;

    /// <summary>The recorded cases whose models can be converted, one of each model.</summary>
    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases = new[] { "graphdef", "checkpoint-v2", "savedmodel", "tfjs-graph" }
        .SelectMany(f => SharedData.Files($"data/{f}", "cases.json"))
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("cases").EnumerateArray().Select(c => (Path.GetDirectoryName(file)!, c)))
        .Where(c => c.c.GetProperty("name").GetString() is { } name && (name.StartsWith("tfjs-graph", StringComparison.Ordinal) || c.c.GetProperty("steps").EnumerateArray().Any(s => s.GetString() == "tfjs")))
        .GroupBy(c => c.Item1).Select(g => g.First()).ToDictionary(c => c.c.GetProperty("name").GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedNodeTheory]
    [MemberData(nameof(Names))]
    public void TensorFlow_js_gives_what_Decant_gives(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        using var work = new TemporaryFolder();
        using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Dictionary<string, Tensor> inputs = it.GetProperty("inputs").EnumerateObject().ToDictionary(f => f.Name, f => NpyReader.Read(Path.Combine(folder, f.Value.GetString()!)));
        string[] outputs = [.. it.GetProperty("outputs").EnumerateObject().Select(o => o.Name)];
        bool signed = it.TryGetProperty("signature", out JsonElement key);
        source.ConvertToTFJS(new TFJSConvertOptions { Signature = signed ? key.GetString() : null, Inputs = signed ? null : [.. inputs.Keys], Outputs = signed ? null : outputs })
            .Model.Save(work["web"], "tfjs");
        using Model written = Model.Load(work["web"]);
        using var session = new Session(written);
        var feeds = inputs.Where(i => written.Signatures[0].Inputs.Any(s => s.Name == i.Key)).ToDictionary(i => i.Key, i => ForModel(i.Value, written.Signatures[0].Inputs.First(s => s.Name == i.Key).DType));
        IReadOnlyDictionary<string, Tensor> ours = session.Run(feeds, outputs);

        var job = new JsonObject { ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject() };
        foreach ((string input, Tensor value) in feeds)
        {
            Tensor plain = ForNode(value);
            File.WriteAllBytes(work[$"in{job["inputs"]!.AsObject().Count}"], plain.Data.ToArray());
            job["inputs"]![input] = new JsonObject { ["dtype"] = plain.DType.Name(), ["shape"] = new JsonArray([.. plain.Shape.Dims.ToArray().Select(d => (JsonNode)d)]), ["file"] = work[$"in{job["inputs"]!.AsObject().Count}"] };
        }

        foreach (string output in outputs)
            job["outputs"]![output] = work[$"out{job["outputs"]!.AsObject().Count}"];
        File.WriteAllText(work["job.json"], job.ToJsonString());
        JsonNode shapes = JsonNode.Parse(NodeJs.Run("tfjs_run.mjs", work["web/model.json"], work["job.json"]))!;
        foreach (string output in outputs)
        {
            byte[] bytes = File.ReadAllBytes(job["outputs"]![output]!.GetValue<string>());
            double[] theirs = [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(v => (double)v)];
            double[] expected = [.. TensorComparison.Numbers(ours[output]).Select(n => n.Real)];
            Assert.Equal(ours[output].Shape.Dims.ToArray(), shapes[output]!.AsArray().Select(d => d!.GetValue<long>()));
            double bound = Tolerance * expected.Max(Math.Abs);
            Assert.Equal(expected.Length, theirs.Length);
            Assert.All(expected.Zip(theirs), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
        }
    }

    private static Tensor ForModel(Tensor value, DType wanted) => (value.DType, wanted) switch
    {
        (DType.Int32, DType.UInt8) => Tensor.Wrap(Array.ConvertAll(value.Span<int>().ToArray(), v => checked((byte)v)), value.Shape),
        _ => value,
    };

    private static Tensor ForNode(Tensor value) => value.DType switch
    {
        DType.UInt8 => Tensor.Wrap(Array.ConvertAll(value.Span<byte>().ToArray(), v => (int)v), value.Shape),
        DType.Int64 => Tensor.Wrap(Array.ConvertAll(value.Span<long>().ToArray(), v => checked((int)v)), value.Shape),
        DType.Float64 => Tensor.Wrap(Array.ConvertAll(value.Span<double>().ToArray(), v => (float)v), value.Shape),
        _ => value,
    };
}
