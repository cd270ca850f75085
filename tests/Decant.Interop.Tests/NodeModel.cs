using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Interop.Tests;

/// <summary>A model that is run by a script of Node.js, on values of a recorded case.</summary>
internal static class NodeModel
{
    /// <summary>The recorded cases that have a step, one of each model, by name.</summary>
    public static Dictionary<string, (string Folder, JsonElement Case)> Cases(string step, params ReadOnlySpan<string> formats) => formats.ToArray()
        .SelectMany(f => SharedData.Files($"data/{f}", "cases.json"))
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("cases").EnumerateArray().Select(c => (Folder: Path.GetDirectoryName(file)!, Case: c)))
        .Where(c => c.Case.GetProperty("steps").EnumerateArray().Any(s => s.GetString() == step))
        .GroupBy(c => (c.Folder, c.Case.GetProperty("model").GetString())).Select(g => g.First()).ToDictionary(c => c.Case.GetProperty("name").GetString()!);

    /// <summary>The inputs of a case.</summary>
    public static Dictionary<string, Tensor> Inputs(string folder, JsonElement @case) =>
        @case.GetProperty("inputs").EnumerateObject().ToDictionary(f => f.Name, f => NpyReader.Read(Path.Combine(folder, f.Value.GetString()!)));

    /// <summary>What a runtime without the model's type takes, as a value of that type.</summary>
    public static Tensor ForModel(Tensor value, DType wanted) => (value.DType, wanted) switch
    {
        (DType.Int32, DType.UInt8) => Tensor.Wrap(Array.ConvertAll(value.Span<int>().ToArray(), v => checked((byte)v)), value.Shape),
        (DType.Float64, DType.Float32) => Tensor.Wrap(Array.ConvertAll(value.Span<double>().ToArray(), v => (float)v), value.Shape),
        _ => value,
    };

    /// <summary>Runs a script on a model file, which gives its outputs as float32.</summary>
    /// <returns>The shape and the elements of each output.</returns>
    public static Dictionary<string, (long[] Shape, double[] Values)> Run(string script, string model, IReadOnlyDictionary<string, Tensor> feeds, IReadOnlyList<string> outputs, TemporaryFolder work)
    {
        JsonObject given = [], wanted = [];
        foreach ((string input, Tensor value) in feeds)
        {
            string file = work[$"in{given.Count}"];
            File.WriteAllBytes(file, value.Data.ToArray());
            given[input] = new JsonObject { ["dtype"] = value.DType.Name(), ["shape"] = new JsonArray([.. value.Shape.Dims.ToArray().Select(d => (JsonNode)d)]), ["file"] = file };
        }

        foreach (string output in outputs)
            wanted[output] = work[$"out{wanted.Count}"];
        File.WriteAllText(work["job.json"], new JsonObject { ["inputs"] = given, ["outputs"] = wanted }.ToJsonString());
        JsonNode shapes = JsonNode.Parse(NodeJs.Run(script, model, work["job.json"]))!;
        return outputs.ToDictionary(o => o, o => (shapes[o]!.AsArray().Select(d => d!.GetValue<long>()).ToArray(),
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(wanted[o]!.GetValue<string>())).ToArray().Select(v => (double)v).ToArray()));
    }

    /// <summary>Fails unless outputs have the shapes and elements of ours, but for a part of the largest of each.</summary>
    public static void Agree(IReadOnlyDictionary<string, Tensor> ours, Dictionary<string, (long[] Shape, double[] Values)> theirs, double tolerance)
    {
        foreach ((string output, (long[] shape, double[] values)) in theirs)
        {
            double[] expected = [.. TensorComparison.Numbers(ours[output]).Select(n => n.Real)];
            Assert.Equal(ours[output].Shape.Dims.ToArray(), shape);
            double bound = tolerance * expected.Select(Math.Abs).DefaultIfEmpty().Max();
            Assert.Equal(expected.Length, values.Length);
            Assert.All(expected.Zip(values), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
        }
    }
}
