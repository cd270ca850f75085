using System.Text.Json;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>The TensorFlow.js models that Decant writes, run by TensorFlow.js itself.</summary>
public sealed class TFJSTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-4;

    // Constants that are computed first would leave nothing of most golden graphs.
    private static readonly string[] Folding = ["constant_folding", "materialize_shapes"];

    /// <summary>The recorded cases whose models can be converted, one of each model.</summary>
    private static readonly Dictionary<string, (string Folder, JsonElement Case)> Cases =
        new[] { NodeModel.Cases("tfjs", "graphdef", "checkpoint-v2", "savedmodel", "keras-h5", "keras-zip"), NodeModel.Cases("run", "tfjs-graph", "tfjs-layers") }.SelectMany(c => c).ToDictionary();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedNodeTheory]
    [MemberData(nameof(Names))]
    public void TensorFlow_js_gives_what_Decant_gives(string name)
    {
        (string folder, JsonElement it) = Cases[name];
        using var run = new TFJSRun();
        using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
        Dictionary<string, Tensor> inputs = NodeModel.Inputs(folder, it);
        string[] outputs = [.. it.GetProperty("outputs").EnumerateObject().Select(o => o.Name)];
        bool signed = it.TryGetProperty("signature", out JsonElement key);
        using Model written = run.Add(source, new TFJSConvertOptions { Signature = signed ? key.GetString() : null, Inputs = signed ? null : [.. inputs.Keys], Outputs = signed ? null : outputs }, inputs, model =>
        {
            using var session = new Session(model);
            return session.Run(model.Signatures[0].Inputs.Where(i => inputs.ContainsKey(i.Name)).ToDictionary(i => i.Name, i => NodeModel.ForModel(inputs[i.Name], i.DType)), outputs);
        });
        Assert.Null(Assert.Single(run.Faults(Tolerance)));
    }

    [NodeFact]
    public void TensorFlow_js_fills_the_tables_of_an_initializer()
    {
        using var run = new TFJSRun();
        using Model source = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: string, shape: shape[?]}
              t = HashTableV2() {key_dtype: string, value_dtype: int64, shared_name: "words"}
              keys = Const() {dtype: string, value: string[2] {"a", "häß"} }
              values = Const() {dtype: int64, value: int64[2] {10, 20} }
              fill = InitializeTableV2(t, keys, values) {Tkey: string, Tval: int64}
              u = HashTableV2() {key_dtype: int64, value_dtype: string, shared_name: "back"}
              refill = InitializeTableV2(u, values, keys) {Tkey: int64, Tval: string}
              default = Const() {dtype: int64, value: int64[] {20} }
              y = LookupTableFindV2(t, x, default) {Tin: string, Tout: int64}
              none = Const() {dtype: string, value: string[] {"none"} }
              z = LookupTableFindV2(u, y, none) {Tin: int64, Tout: string}
              n = LookupTableSizeV2(t)
            }
            """);
        source.TensorFlow.TableInitializers = ["fill", "refill"];
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.FromStrings(["häß", "c", "a"]) };
        using Model written = run.Add(source, new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y", "z", "n"] }, inputs, model =>
        {
            using var session = new Session(model);
            return session.Run(inputs, ["y", "z", "n"]);
        });
        Assert.Null(Assert.Single(run.Faults(Tolerance)));
    }

    /// <summary>Those without recorded inputs of their own sizes, and those that are refused when they are converted, are left out.</summary>
    [SharedNodeFact]
    public void TensorFlow_js_runs_models_of_TensorFlow_Lite()
    {
        using var run = new TFJSRun();
        List<string> names = [];
        foreach ((string name, (string folder, JsonElement it)) in NodeModel.Cases("run", "tflite"))
        {
            using Model source = Model.Load(Path.Combine(folder, it.GetProperty("model").GetString()!));
            var view = Decant.IR.SignatureView.Of(source);
            if (it.GetProperty("inputs").EnumerateObject().Any(i => !File.Exists(Path.Combine(folder, i.Value.GetString()!))))
                continue;
            Dictionary<string, Tensor> inputs = NodeModel.Inputs(folder, it).ToDictionary(
                i => int.TryParse(i.Key, out int position) ? view.Inputs[position].Name : i.Key,
                i => view.Resolve(i.Key, isInput: true).Node.Tensors[0] is { Quantization: { HasScale: true } q, DType: DType.Int8 or DType.UInt8 or DType.Int16 }
                    ? Tensor.Wrap([.. TensorComparison.Numbers(i.Value).Select(n => q.Scales[0] * (float)(n.Real - q.ZeroPoints[0]))], i.Value.Shape) : i.Value);
            // Some were recorded with other sizes or types than the file tells.
            if (view.Inputs.Any(i => inputs.GetValueOrDefault(i.Name) is not { } given || !given.Shape.Equals(i.Shape) || (given.DType != i.DType && (given.DType != DType.Float32 || i.DType is not (DType.Int8 or DType.UInt8 or DType.Int16)))))
                continue;
            try
            {
                run.Add(source, new TFJSConvertOptions(), inputs, model =>
                {
                    using var session = new Session(model);
                    return session.Run(inputs, [.. model.Signatures[0].Outputs.Select(o => o.Name)]);
                }).Dispose();
                names.Add(name);
            }
            catch (ModelException e) when (e.Diagnostics[0].Code == ConvertErrors.UnsupportedOp)
            {
            }
        }

        Assert.Equal("", string.Join("\n", names.Zip(run.Faults(Tolerance)).Where(f => f.Second is not null).Select(f => $"{f.First}: {f.Second}")));
        Assert.True(names.Count > 100, $"{names.Count}");
    }

    [NodeFact]
    public void TensorFlow_js_chooses_the_detections_that_the_operator_chooses()
    {
        using var run = new TFJSRun();
        foreach (DetectionModel detection in DetectionModel.All)
        {
            using Model lite = detection.Make();
            Dictionary<string, Tensor> inputs = detection.Inputs();
            run.Add(lite, new TFJSConvertOptions(), inputs, model =>
            {
                using var session = new Session(lite);
                return session.Run(inputs, [.. model.Signatures[0].Outputs.Select(o => o.Name)]);
            }).Dispose();
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Index().Where(f => f.Item is not null).Select(f => $"{DetectionModel.All[f.Index]}: {f.Item}")));
    }

    [NodeFact]
    public void TensorFlow_js_chooses_the_boxes_that_the_operators_choose()
    {
        using var run = new TFJSRun();
        foreach (BoxChoiceModel choice in BoxChoiceModel.All)
        {
            using Model lite = choice.Make();
            Dictionary<string, Tensor> inputs = choice.Inputs();
            run.Add(lite, new TFJSConvertOptions(), inputs, model =>
            {
                using var session = new Session(lite);
                return session.Run(inputs, [.. model.Signatures[0].Outputs.Select(o => o.Name)]);
            }).Dispose();
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Index().Where(f => f.Item is not null).Select(f => $"{BoxChoiceModel.All[f.Index]}: {f.Item}")));
    }

    [NodeFact]
    public void TensorFlow_js_chooses_the_boxes_of_all_classes_that_TensorFlows_op_chooses()
    {
        using var run = new TFJSRun();
        (string[] inputs, string[] outputs) = SuppressionModel.Names;
        foreach (SuppressionModel suppression in SuppressionModel.All)
        {
            using Model model = suppression.Make();
            Dictionary<string, Tensor> feeds = suppression.Inputs();
            run.Add(model, new TFJSConvertOptions { Inputs = inputs, Outputs = outputs }, feeds, converted =>
            {
                using var session = new Session(model);
                IReadOnlyDictionary<string, Tensor> wanted = session.Run(feeds, outputs);
                return converted.Signatures[0].Outputs.Zip(outputs).ToDictionary(o => o.First.Name, o => wanted[o.Second]);
            }).Dispose();
        }

        Assert.Equal("", string.Join("\n", run.Faults(Tolerance).Index().Where(f => f.Item is not null).Select(f => $"{SuppressionModel.All[f.Index]}: {f.Item}")));
    }

    /// <summary>Those that TensorFlow.js does not run, or gives another result for, are in <c>tfjs-golden.tsv</c> with what is said of them.</summary>
    [SharedNodeFact]
    public void TensorFlow_js_gives_what_TensorFlow_gave_for_the_golden_graphs()
    {
        using var run = new TFJSRun();
        List<string> faults = [], names = [];
        foreach (string name in GoldenCases.Deterministic)
        {
            (Model model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> wanted) = GoldenCases.Load(name);
            using Model opened = model;
            try
            {
                run.Add(model, new TFJSConvertOptions { Inputs = [.. inputs.Keys], Outputs = [.. wanted.Keys], Without = Folding }, inputs, _ => wanted).Dispose();
                names.Add(name);
            }
            catch (ModelException e)
            {
                faults.Add($"{name}\t{e.Diagnostics[0].Message}");
            }
        }

        faults.AddRange(names.Zip(run.Faults(Tolerance)).Where(f => f.Second is not null).Select(f => $"{f.First}\t{f.Second}"));
        faults.Sort(StringComparer.Ordinal);
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "tfjs-golden.actual.tsv"), faults);
        string[] listed = [.. File.ReadLines(Path.Combine(SharedData.Repository, "tests/Decant.Interop.Tests/tfjs-golden.tsv")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')[0])];
        Assert.Equal(listed, faults.Select(f => f.Split('\t')[0]));
    }
}
