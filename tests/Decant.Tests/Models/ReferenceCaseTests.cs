using System.Text.Json;
using Decant.IR;
using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Tests.Models;

/// <summary>The recorded inputs and outputs of <c>cases.json</c> files, run as they are and frozen. Each names its tolerance.</summary>
public sealed class ReferenceCaseTests
{
    private static readonly string[] Formats = ["graphdef", "checkpoint-v2", "keras-h5", "keras-zip", "savedmodel", "tfjs-graph", "tfjs-layers"];

    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases = Formats
        .SelectMany(f => SharedData.Files($"data/{f}", "cases.json"))
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("cases").EnumerateArray().Select(c => (Path.GetDirectoryName(file)!, c)))
        .ToDictionary(c => c.c.GetProperty("name").GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedTheory]
    [MemberData(nameof(Names))]
    public void A_model_and_its_frozen_form_give_the_recorded_outputs(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        Dictionary<string, Tensor> inputs = Tensors(folder, it.GetProperty("inputs"));
        Dictionary<string, Tensor> outputs = Tensors(folder, it.GetProperty("outputs"));
        using Model model = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Check(model, it, inputs, outputs);
        using Model frozen = model.Freeze(new FreezeOptions { Inputs = [.. inputs.Keys], Outputs = [.. outputs.Keys] });
        Check(frozen, it, inputs, outputs);
    }

    private static void Check(Model model, JsonElement it, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> outputs)
    {
        using var session = new Session(model);
        // TensorFlow.js has int32 in the place of all integers.
        var feeds = inputs.ToDictionary(i => i.Key, i => model.Graph.TryGet(i.Key, out Node? node) && node.Attributes["dtype"] is TypeAttr { Value: DType.UInt8 } && i.Value.DType == DType.Int32
            ? Tensor.Wrap(Array.ConvertAll(i.Value.Span<int>().ToArray(), x => checked((byte)x)), i.Value.Shape) : i.Value);
        IReadOnlyDictionary<string, Tensor> found = session.Run(feeds, [.. outputs.Keys]);
        foreach ((string output, Tensor wanted) in outputs)
        {
            DType declared = wanted.DType == DType.Int32 ? DType.Int64 : DType.Invalid;
            Assert.Null(TensorComparison.Difference(found[output], wanted, it.GetProperty("rtol").GetDouble(), it.GetProperty("atol").GetDouble(), declared));
        }
    }

    private static Dictionary<string, Tensor> Tensors(string folder, JsonElement files) =>
        files.EnumerateObject().ToDictionary(f => f.Name, f => NpyReader.Read(Path.Combine(folder, f.Value.GetString()!)));
}
