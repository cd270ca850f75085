using System.Text.Json;
using Decant.IR;
using Decant.Passes.Freeze;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Tests.Models;

/// <summary>The recorded inputs and outputs of <c>cases.json</c> files, run as they are and, if they are graphs, frozen. Each names its tolerance.</summary>
public sealed class ReferenceCaseTests
{
    private static readonly string[] Formats = ["graphdef", "checkpoint-v2", "keras-h5", "keras-zip", "savedmodel", "tfjs-graph", "tfjs-layers", "tflite"];

    /// <summary>One has no file with its inputs, the other names an output that is not in its model.</summary>
    private static readonly string[] Broken = ["coral-deeplabv3-mnv2-dm05-pascal-quant", "dtln/ref/model_1-rand"];

    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases = Formats
        .SelectMany(f => SharedData.Files($"data/{f}", "cases.json"))
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("cases").EnumerateArray().Select(c => (Path.GetDirectoryName(file)!, c)))
        .ToDictionary(c => c.c.GetProperty("name").GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys.Where(n => !Broken.Any(n.Contains))];

    [SharedFact]
    public void Two_cases_cannot_be_run_by_anybody()
    {
        (string folder, JsonElement deeplab) = Cases.Single(c => c.Key.Contains(Broken[0], StringComparison.Ordinal)).Value;
        Assert.DoesNotContain(deeplab.GetProperty("inputs").EnumerateObject(), f => File.Exists(Path.Combine(folder, f.Value.GetString()!)));
        (folder, JsonElement dtln) = Cases.Single(c => c.Key.Contains(Broken[1], StringComparison.Ordinal)).Value;
        using Model model = Model.Load(Path.Combine(folder, dtln.GetProperty("model").GetString()!));
        Assert.Throws<ModelException>(() => SignatureView.Of(model).Resolve(dtln.GetProperty("outputs").EnumerateObject().First().Name, isInput: false));
    }

    [SharedTheory]
    [MemberData(nameof(Names))]
    public void A_model_and_its_frozen_form_give_the_recorded_outputs(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        Dictionary<string, Tensor> inputs = Tensors(folder, it.GetProperty("inputs"));
        Dictionary<string, Tensor> outputs = Tensors(folder, it.GetProperty("outputs"));
        using Model model = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Check(model, it, inputs, outputs);
        if (model.TFLite is not null)
            return;
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
            int units = it.TryGetProperty("int_atol", out JsonElement given) ? given.GetInt32() : 0;
            Assert.Null(TensorComparison.Difference(found[output], wanted, it.GetProperty("rtol").GetDouble(), it.GetProperty("atol").GetDouble(), declared, units));
        }
    }

    private static Dictionary<string, Tensor> Tensors(string folder, JsonElement files) =>
        files.EnumerateObject().ToDictionary(f => f.Name, f => NpyReader.Read(Path.Combine(folder, f.Value.GetString()!)));
}
