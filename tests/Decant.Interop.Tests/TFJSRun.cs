using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Models that were converted and wait to be run by TensorFlow.js, all in one process.</summary>
internal sealed class TFJSRun : IDisposable
{
    private readonly TemporaryFolder _work = new();
    private readonly List<(JsonObject Job, IReadOnlyDictionary<string, Tensor> Expected)> _jobs = [];

    /// <summary>Converts and writes a model, to be run on these inputs.</summary>
    /// <returns>The written model, read again.</returns>
    public Model Add(Model source, TFJSConvertOptions options, IReadOnlyDictionary<string, Tensor> inputs, Func<Model, IReadOnlyDictionary<string, Tensor>> expected)
    {
        string folder = _work[$"{_jobs.Count}"];
        source.ConvertToTFJS(options).Model.Save(folder, "tfjs");
        Model written = Model.Load(folder);
        var job = new JsonObject { ["model"] = Path.Combine(folder, "model.json"), ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject() };
        foreach ((string name, Tensor value) in inputs.Where(i => written.Signatures[0].Inputs.Any(s => s.Name == i.Key)))
            job["inputs"]![name] = Input(value, Path.Combine(folder, $"in{job["inputs"]!.AsObject().Count}"));
        IReadOnlyDictionary<string, Tensor> outputs = expected(written);
        foreach (string name in outputs.Keys)
            job["outputs"]![name] = Path.Combine(folder, $"out{job["outputs"]!.AsObject().Count}");
        _jobs.Add((job, outputs));
        return written;
    }

    /// <summary>Converts and writes a Keras model as a layers model, to be run on these inputs.</summary>
    /// <param name="source">The model.</param>
    /// <param name="inputs">Its inputs, in their order.</param>
    /// <param name="expected">Its outputs, in their order; null for those that Decant computes.</param>
    public void AddLayers(Model source, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? expected = null)
    {
        string folder = _work[$"{_jobs.Count}"];
        source.Save(folder, "tfjs_layers");
        var view = Decant.IR.SignatureView.Of(source);
        if (expected is null)
        {
            using var session = new Session(source);
            IReadOnlyDictionary<string, Tensor> results = session.Run(view.Inputs.Zip(inputs).ToDictionary(i => i.First.Name, i => i.Second), [.. view.Outputs.Select(o => o.Name)]);
            expected = [.. view.Outputs.Select(o => results[o.Name])];
        }

        var job = new JsonObject { ["model"] = Path.Combine(folder, "model.json"), ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject() };
        foreach ((int i, Tensor value) in inputs.Index())
            job["inputs"]![$"{i}"] = Input(value, Path.Combine(folder, $"in{i}"));
        for (int i = 0; i < expected.Count; i++)
            job["outputs"]![$"{i}"] = Path.Combine(folder, $"out{i}");
        _jobs.Add((job, expected.Index().ToDictionary(o => $"{o.Index}", o => o.Item)));
    }

    /// <summary>Runs them.</summary>
    /// <returns>For each what is wrong, or null.</returns>
    public List<string?> Faults(double relative)
    {
        File.WriteAllText(_work["jobs.json"], new JsonArray([.. _jobs.Select(j => j.Job)]).ToJsonString());
        JsonArray results = JsonNode.Parse(NodeJs.Run("tfjs_run.mjs", _work["jobs.json"]))!.AsArray();
        return [.. _jobs.Zip(results, (j, result) => result!["error"] is { } error ? error.GetValue<string>() : j.Expected.Select(o => Fault(o.Key, o.Value, result["shapes"]![o.Key]!, j.Job["outputs"]![o.Key]!.GetValue<string>(), relative)).FirstOrDefault(f => f is not null))];
    }

    public void Dispose() => _work.Dispose();

    private static string? Fault(string name, Tensor expected, JsonNode shape, string file, double relative)
    {
        if (!expected.Shape.Dims.ToArray().SequenceEqual(shape.AsArray().Select(d => d!.GetValue<long>())))
            return $"{name} has the shape {shape.ToJsonString()} and not {expected.Shape}";
        if (expected.DType == DType.String)
            return JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.EnumerateArray().Select(e => e.GetString()).SequenceEqual(expected.Strings.ToArray().Select(s => System.Text.Encoding.UTF8.GetString(s.Span))) ? null : $"{name} has other strings";
        double[] found = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file)).ToArray();
        Complex[] numbers = [.. TensorComparison.Numbers(expected)];
        double[] wanted = expected.DType.IsComplex() ? [.. numbers.SelectMany(n => (double[])[n.Real, n.Imaginary])] : [.. numbers.Select(n => n.Real)];
        if (found.Length != wanted.Length)
            return $"{name} has {found.Length} numbers and not {wanted.Length}";
        double bound = relative * wanted.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        int wrong = Enumerable.Range(0, found.Length).FirstOrDefault(i => !(found[i].Equals(wanted[i]) || Math.Abs(found[i] - wanted[i]) <= bound), -1);
        return wrong < 0 ? null : FormattableString.Invariant($"{name}[{wrong}] is {found[wrong]:G6} and not {wanted[wrong]:G6}");
    }

    /// <summary>A value as TensorFlow.js takes it: it has float32, int32, bool, complex64 and strings.</summary>
    private static JsonObject Input(Tensor value, string file)
    {
        var dims = new JsonArray([.. value.Shape.Dims.ToArray().Select(d => (JsonNode)d)]);
        if (value.DType == DType.String)
            return new JsonObject { ["dtype"] = "string", ["shape"] = dims, ["strings"] = new JsonArray([.. value.Strings.ToArray().Select(s => (JsonNode)System.Text.Encoding.UTF8.GetString(s.Span))]) };
        Tensor plain = value.DType switch
        {
            DType.UInt8 => Tensor.Wrap(Array.ConvertAll(value.Span<byte>().ToArray(), v => (int)v), value.Shape),
            DType.Int8 => Tensor.Wrap(Array.ConvertAll(value.Span<sbyte>().ToArray(), v => (int)v), value.Shape),
            DType.Int16 => Tensor.Wrap(Array.ConvertAll(value.Span<short>().ToArray(), v => (int)v), value.Shape),
            DType.Int64 => Tensor.Wrap(Array.ConvertAll(value.Span<long>().ToArray(), v => checked((int)v)), value.Shape),
            DType.Float64 => Tensor.Wrap(Array.ConvertAll(value.Span<double>().ToArray(), v => (float)v), value.Shape),
            DType.Float16 => Tensor.Wrap(Array.ConvertAll(value.Span<Half>().ToArray(), v => (float)v), value.Shape),
            _ => value,
        };
        File.WriteAllBytes(file, plain.Data.ToArray());
        return new JsonObject { ["dtype"] = plain.DType.Name(), ["shape"] = dims, ["file"] = file };
    }
}
