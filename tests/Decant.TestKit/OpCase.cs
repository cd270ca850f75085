using System.Globalization;
using System.Text.Json;
using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.TestKit;

/// <summary>One recorded run of one op: <c>../shared/opcases/README.md</c> states the format.</summary>
public sealed class OpCase
{
    private readonly JsonElement _json;

    private OpCase(JsonElement json) => _json = json;

    public string Id => _json.GetProperty("id").GetString()!;

    public string Op => _json.GetProperty("op").GetString()!;

    public double RelativeTolerance => _json.GetProperty("rtol").GetDouble();

    public double AbsoluteTolerance => _json.GetProperty("atol").GetDouble();

    /// <summary>Whether only type and shape are to be compared.</summary>
    public bool IsRandom => _json.TryGetProperty("random", out JsonElement random) && random.GetBoolean();

    /// <summary>Whether the case is one node with constant and fed inputs.</summary>
    public bool IsSingleNode => !_json.TryGetProperty("graph", out _);

    /// <summary>What TensorFlow is to be fetched for, in the order of <see cref="Expected"/>.</summary>
    public IReadOnlyList<string> Fetches =>
        Decision is { Verdict: "fetch" } decision ? [decision.Detail] : [.. _json.GetProperty("fetches").EnumerateArray().Select(f => f.GetString()!)];

    /// <summary>Whether the recorded result is, or may be, particular to TensorFlow.js, and nothing else is known of the case.</summary>
    public bool IsParticular => _json.GetProperty("tfjs_specific").GetBoolean() && !_json.TryGetProperty("tf_reference", out _);

    /// <summary>What is decided about the case, if it is particular to TensorFlow.js.</summary>
    public OpCaseDecision? Decision => OpCaseDecision.All.GetValueOrDefault(Id);

    /// <summary>What TensorFlow gives.</summary>
    public IReadOnlyList<Tensor> Expected =>
        Decision?.Values ?? Tensors(_json.TryGetProperty("tf_reference", out JsonElement reference) ? reference : _json.GetProperty("outputs"));

    /// <summary>The cases of a file, one JSON object per line.</summary>
    public static IEnumerable<OpCase> ReadAll(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return new OpCase(JsonDocument.Parse(line).RootElement);
        }
    }

    /// <summary>The graph to run and the values to feed it.</summary>
    public (Model Model, IReadOnlyDictionary<string, Tensor> Feeds) Build()
    {
        var model = new Model();
        var feeds = new Dictionary<string, Tensor>();
        List<(string Name, Tensor Value)> inputs =
            [.. _json.GetProperty("inputs").EnumerateArray().Select(i => (i.GetProperty("name").GetString()!, JsonTensor.Read(i)))];
        if (IsSingleNode)
            WidenInputs(inputs);
        HashSet<int> constants = [.. _json.GetProperty("const_inputs").EnumerateArray().Select(i => i.GetInt32())];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (!constants.Contains(i))
                feeds[inputs[i].Name] = inputs[i].Value;
        }

        JsonElement graph = _json.TryGetProperty("graph", out JsonElement whole) ? whole : Single(_json.GetProperty("node"));
        HashSet<string> present = [.. graph.GetProperty("node").EnumerateArray().Select(n => n.GetProperty("name").GetString()!)];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (present.Contains(inputs[i].Name))
                continue;
            if (constants.Contains(i))
                model.Graph.AddConst(inputs[i].Name, inputs[i].Value);
            else
                model.Graph.Add(inputs[i].Name, "Placeholder", [], new() { { "dtype", inputs[i].Value.DType } });
        }

        JsonGraphDef.Read(graph, model);
        // Some recorded nodes leave out type attributes that TensorFlow requires.
        if (IsSingleNode)
            OneOp.Complete(model.Graph.Nodes[^1], [.. inputs.Select(i => i.Value.DType)]);
        return (model, feeds);
    }

    /// <summary>TensorFlow.js has no int64 and float64: where the node declares them, the recorded int32 and float32 are widened.</summary>
    private void WidenInputs(List<(string Name, Tensor Value)> inputs)
    {
        using var model = new Model();
        JsonElement node = _json.GetProperty("node");
        foreach ((string name, Tensor value) in inputs)
            model.Graph.Add(name, "Placeholder", [], new() { { "dtype", value.DType } });
        JsonGraphDef.Read(Single(node), model);
        IReadOnlyList<DType> declared = OpCatalogue.Find(Op)?.InputTypes(model.Graph.Nodes[^1].Attributes) ?? [];
        for (int i = 0; i < inputs.Count && i < declared.Count; i++)
        {
            (string name, Tensor value) = inputs[i];
            if (declared[i] == DType.Int64 && value.DType == DType.Int32)
                inputs[i] = (name, Tensor.Wrap(Array.ConvertAll(value.Span<int>().ToArray(), v => (long)v), value.Shape));
            else if (declared[i] == DType.Float64 && value.DType == DType.Float32)
                inputs[i] = (name, Tensor.Wrap(Array.ConvertAll(value.Span<float>().ToArray(), v => (double)v), value.Shape));
        }
    }

    /// <summary>The element type that TensorFlow declares for a fetched tensor; Invalid when it cannot be told.</summary>
    public DType DeclaredType(Model model, int fetch)
    {
        string[] name = Fetches[fetch].Split(':');
        if (!model.Graph.TryGet(name[0], out Node? node))
            return DType.Invalid;
        IReadOnlyList<DType> types = OpCatalogue.Find(node.Op.Name)?.OutputTypes(node.Attributes) ?? [];
        int port = name.Length > 1 ? int.Parse(name[1], CultureInfo.InvariantCulture) : 0;
        return port < types.Count ? types[port] : DType.Invalid;
    }

    private static JsonElement Single(JsonElement node) => JsonDocument.Parse($"{{\"node\":[{node.GetRawText()}]}}").RootElement;

    private static List<Tensor> Tensors(JsonElement list) => [.. list.EnumerateArray().Select(JsonTensor.Read)];
}
