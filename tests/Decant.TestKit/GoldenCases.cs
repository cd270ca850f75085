using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.Ops.Catalogue;
using Decant.Wire.Npy;
using Decant.Wire.Protobuf;

namespace Decant.TestKit;

/// <summary>
/// The frozen TF1 graphs of <c>../shared/data/graphdef/dl4j-golden-shared</c> with the outputs of the real TensorFlow, one
/// folder with a <c>case.json</c> each.
/// </summary>
public static class GoldenCases
{
    /// <summary>The outputs were printed with 8 decimals by their makers: what the data set's notes say to trust.</summary>
    public const double RelativeTolerance = 1e-5;

    /// <summary>See <see cref="RelativeTolerance"/>.</summary>
    public const double AbsoluteTolerance = 1e-6;

    private const string Folder = "data/graphdef/dl4j-golden-shared";

    /// <summary>The names of the cases whose outputs are the same in every run: their folders, sorted.</summary>
    public static IReadOnlyList<string> Deterministic { get; } =
        [.. SharedData.Files(Folder, "case.json").Where(f => !Open(f).RootElement.GetProperty("nondeterministic").GetBoolean()).Select(f => Path.GetRelativePath(Path.Combine(SharedData.Root, Folder), Path.GetDirectoryName(f)!))];

    /// <summary>Reads a case: its model, which the caller disposes, its inputs and the outputs that TensorFlow gave.</summary>
    public static (Model Model, Dictionary<string, Tensor> Inputs, Dictionary<string, Tensor> Outputs) Load(string name)
    {
        string folder = SharedData.Path($"{Folder}/{name}");
        using JsonDocument json = Open(Path.Combine(folder, "case.json"));
        var model = new Model();
        MappedFile file = MappedFile.Open(Path.Combine(folder, "frozen_model.pb"));
        model.Hold(file);
        GraphDefReader.Read(new ProtoReader(file.Bytes), model);
        Dictionary<string, Tensor> Tensors(string list) => json.RootElement.GetProperty(list).EnumerateArray()
            .ToDictionary(t => t.GetProperty("tensor").GetString()!, t => NpyReader.Read(Path.Combine(folder, t.GetProperty("file").GetString()!)));
        return (model, Tensors("inputs"), Tensors("outputs"));
    }

    /// <summary>Runs a case and says what differs, or null when all outputs are right.</summary>
    /// <param name="name">The case.</param>
    /// <param name="fusion">Whether the session joins nodes.</param>
    /// <param name="change">Makes the model that is run of the one that was read, the inputs' and the outputs' tensors; null for none.</param>
    /// <param name="relative">The relative tolerance.</param>
    /// <param name="absolute">The absolute tolerance.</param>
    public static string? Run(
        string name, bool fusion = true, Func<Model, IReadOnlyList<string>, IReadOnlyList<string>, Model>? change = null, double relative = RelativeTolerance, double absolute = AbsoluteTolerance)
    {
        (Model model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> wanted) = Load(name);
        using Model opened = model;
        using var session = new Session(change?.Invoke(model, [.. inputs.Keys], [.. wanted.Keys]) ?? model, new SessionOptions { Fusion = fusion });

        // The third run is the first one by a plan. Random ops go on with their numbers.
        int runs = model.Graph.Nodes.Concat(model.Functions.Values.SelectMany(f => f.Nodes)).Any(n => OpCatalogue.Find(n.Op.Name) is { IsStateful: true }) ? 1 : 3;
        for (int run = 1; run <= runs; run++)
        {
            IReadOnlyDictionary<string, Tensor> found = session.Run(inputs, [.. wanted.Keys]);
            foreach ((string tensor, Tensor expected) in wanted)
            {
                if (TensorComparison.Difference(AsReference(found[tensor], expected), expected, relative, absolute) is { } difference)
                    return $"{tensor} in run {run}: {difference}";
            }
        }

        return null;
    }

    /// <summary>
    /// References without a recorded type are float64, whatever the graph gives, and one recorded as float32 is of a graph
    /// that declares float64 (primitive_gru_dynamic): then values are compared, not types.
    /// </summary>
    private static Tensor AsReference(Tensor found, Tensor expected)
    {
        if (found.DType == expected.DType || expected.DType is not (DType.Float64 or DType.Float32) || found.DType is DType.String)
            return found;
        double[] values = Array.ConvertAll(TensorComparison.Numbers(found), n => n.Real);
        if (expected.DType == DType.Float64)
            return Tensor.Wrap(values, found.Shape);
        return found.DType == DType.Float64 ? Tensor.Wrap(Array.ConvertAll(values, v => (float)v), found.Shape) : found;
    }

    private static JsonDocument Open(string path) => JsonDocument.Parse(File.ReadAllBytes(path));
}
