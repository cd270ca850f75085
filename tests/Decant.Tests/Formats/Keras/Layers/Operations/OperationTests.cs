using Decant.Formats;
using Decant.Formats.Keras;
using Decant.IR;

namespace Decant.Tests.Formats.Keras.Layers.Operations;

/// <summary>Operations between layers, as Keras 2 (<c>TFOpLambda</c>, <c>SlicingOpLambda</c>) and Keras 3 save them.</summary>
public sealed class OperationTests
{
    private const double Tolerance = 1e-6;

    private static readonly float[] X = [1, -2, 3, -4, 5, -6], Y = [0.5f, 2, -1, 4, 0.25f, 8];

    /// <summary>Function of TensorFlow, the node that calls it, the shape and the values of its output.</summary>
    public static TheoryData<string, string, int[], float[]> TensorFlow => new()
    {
        { "math.add", """["x", 0, 0, {"y": 2, "name": null}]""", [2, 3], Each(x => x + 2) },
        { "math.subtract", """["_CONSTANT_VALUE", -1, 2.5, {"y": ["x", 0, 0], "name": null}]""", [2, 3], Each(x => 2.5f - x) },
        { "math.multiply", """["x", 0, 0, {"y": ["y", 0, 0]}]""", [2, 3], Pairs((x, y) => x * y) },
        { "math.truediv", """[["x", 0, 0, {"y": ["y", 0, 0]}]]""", [2, 3], Pairs((x, y) => x / y) },
        { "__operators__.add", """["x", 0, 0, {"y": [[1, 2, 3]], "name": null}]""", [2, 3], [2, 0, 6, -3, 7, -3] },
        { "concat", """[["x", 0, 0, {"axis": -1}], ["y", 0, 0, {"axis": -1}]]""", [2, 6], [1, -2, 3, 0.5f, 2, -1, -4, 5, -6, 4, 0.25f, 8] },
        { "stack", """[["x", 0, 0, {"axis": 1}], ["y", 0, 0, {"axis": 1}]]""", [2, 2, 3], [1, -2, 3, 0.5f, 2, -1, -4, 5, -6, 4, 0.25f, 8] },
        { "math.reduce_mean", """["x", 0, 0, {"axis": [1], "keepdims": true}]""", [2, 1], [2 / 3f, -5 / 3f] },
        { "math.reduce_max", """["x", 0, 0, {"axis": null}]""", [], [5] },
        { "reshape", """["x", 0, 0, {"shape": [-1, 2]}]""", [3, 2], X },
        { "compat.v1.transpose", """["x", 0, 0, {"perm": [1, 0]}]""", [3, 2], [1, -4, -2, 5, 3, -6] },
        { "expand_dims", """["x", 0, 0, {"axis": 1}]""", [2, 1, 3], X },
        { "clip_by_value", """["x", 0, 0, {"clip_value_min": -2, "clip_value_max": 4.5}]""", [2, 3], Each(x => Math.Clamp(x, -2, 4.5f)) },
        { "nn.relu", """["x", 0, 0, {}]""", [2, 3], Each(x => Math.Max(0, x)) },
        { "nn.leaky_relu", """["x", 0, 0, {"alpha": 0.5}]""", [2, 3], Each(x => x > 0 ? x : x / 2) },
        { "nn.gelu", """["x", 0, 0, {}]""", [2, 3], [0.84134475f, -0.04550026f, 2.9959502f, -0.00012669f, 4.9999986f, -5.9e-9f] },
        { "math.l2_normalize", """["x", 0, 0, {"axis": 1}]""", [2, 3], [.. Enumerable.Range(0, 6).Select(i => X[i] / MathF.Sqrt(i < 3 ? 14 : 77))] },
        { "linalg.matmul", """["x", 0, 0, {"b": ["y", 0, 0], "transpose_b": true}]""", [2, 2], [-6.5f, 27.5f, 14, -62.75f] },
        { "tile", """["x", 0, 0, {"multiples": [1, 2]}]""", [2, 6], [1, -2, 3, 1, -2, 3, -4, 5, -6, -4, 5, -6] },
        { "gather", """["x", 0, 0, {"indices": [2, 0], "axis": 1}]""", [2, 2], [3, 1, -6, -4] },
        { "where", """["_CONSTANT_VALUE", -1, [[true, false, true]], {"x": ["x", 0, 0], "y": ["y", 0, 0]}]""", [2, 3], [1, 2, 3, -4, 0.25f, -6] },
        { "math.squared_difference", """["x", 0, 0, {"y": ["y", 0, 0]}]""", [2, 3], Pairs((x, y) => (x - y) * (x - y)) },
        { "math.cumsum", """["x", 0, 0, {"axis": 1}]""", [2, 3], [1, -1, 2, -4, 1, -5] },
        { "pad", """["x", 0, 0, {"paddings": [[0, 0], [1, 0]], "mode": "CONSTANT"}]""", [2, 4], [0, 1, -2, 3, 0, -4, 5, -6] },
    };

    [Theory]
    [MemberData(nameof(TensorFlow))]
    public void A_function_of_TensorFlow_runs(string function, string node, int[] shape, float[] expected) =>
        Check(Layer("TFOpLambda", $$"""{"name": "op", "trainable": true, "dtype": "float32", "function": "{{function}}"}""", $"[{node}]"), "2.11.0", shape, expected);

    /// <summary>What is between the brackets in Python, the shape and the values.</summary>
    public static TheoryData<string, int[], float[]> Slices => new()
    {
        { """[{"start": null, "stop": null, "step": null}, {"start": 1, "stop": null, "step": null}]""", [2, 2], [-2, 3, 5, -6] },
        { """[{"class_name": "__ellipsis__"}, -1]""", [2], [3, -6] },
        { """[{"start": null, "stop": null, "step": null}, null, {"start": null, "stop": 2, "step": null}]""", [2, 1, 2], [1, -2, -4, 5] },
        { "1", [3], [-4, 5, -6] },
        { """{"start": null, "stop": null, "step": -1}""", [2, 3], [-4, 5, -6, 1, -2, 3] },
    };

    [Theory]
    [MemberData(nameof(Slices))]
    public void A_slice_runs(string spec, int[] shape, float[] expected)
    {
        Check(Layer("SlicingOpLambda", """{"name": "op", "function": "__operators__.getitem"}""", $$"""[["x", 0, 0, {"slice_spec": {{spec}}}]]"""), "2.11.0", shape, expected);
        string key = spec.Replace("""{"start":""", """{"class_name": "__slice__", "config": {"start":""", StringComparison.Ordinal).Replace("""null}""", "null}}", StringComparison.Ordinal).Replace("-1}", "-1}}", StringComparison.Ordinal);
        Check(Layer3("GetItem", "{}", $"{KerasModelFile.Tensor3("x")}, {key}"), "3.5.0", shape, expected);
    }

    /// <summary>Class of Keras 3, its options, its arguments, the shape and the values of its output.</summary>
    public static TheoryData<string, string, string, int[], float[]> Keras3 => new()
    {
        { "Add", """{"name": "op"}""", "$x, $y", [2, 3], Pairs((x, y) => x + y) },
        { "Subtract", "{}", "2, $x", [2, 3], Each(x => 2 - x) },
        { "Divide", "{}", "$x, $y", [2, 3], Pairs((x, y) => x / y) },
        { "Power", "{}", "$x, 2", [2, 3], Each(x => x * x) },
        { "Mean", """{"axis": [1], "keepdims": false}""", "$x", [2], [2 / 3f, -5 / 3f] },
        { "Var", """{"axis": 1, "keepdims": true}""", "$x", [2, 1], [38 / 9f, 206 / 9f] },
        { "Concatenate", """{"axis": -1}""", "[$x, $y]", [2, 6], [1, -2, 3, 0.5f, 2, -1, -4, 5, -6, 4, 0.25f, 8] },
        { "Reshape", """{"newshape": [-1, 2]}""", "$x", [3, 2], X },
        { "Transpose", """{"axes": null}""", "$x", [3, 2], [1, -4, -2, 5, 3, -6] },
        { "Clip", """{"x_min": -1, "x_max": 2}""", "$x", [2, 3], Each(x => Math.Clamp(x, -1, 2)) },
        { "ReconstructPatches", """{"size": [2, 1], "output_size": [3, 2], "strides": [2, 1], "padding": "same"}""", """{"class_name": "__tensor__", "config": {"value": [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], "dtype": "float32"}}""", [1, 3, 2, 1], [1, 3, 2, 4, 5, 7] },
        { "ExtractPatches", """{"size": [1, 2], "strides": null, "dilation_rate": 1, "padding": "valid"}""", """{"class_name": "__tensor__", "config": {"value": [[[[1, 2], [3, 4], [5, 6], [7, 8]]]], "dtype": "float32"}}""", [1, 1, 2, 4], [1, 2, 3, 4, 5, 6, 7, 8] },
        { "Maximum", "{}", """$x, {"class_name": "__tensor__", "config": {"value": [0.5, 1.5, 2.5], "dtype": "float32"}}""", [2, 3], [1, 1.5f, 3, 0.5f, 5, 2.5f] },
        { "Repeat", """{"repeats": 2, "axis": 1}""", "$x", [2, 6], [1, 1, -2, -2, 3, 3, -4, -4, 5, 5, -6, -6] },
        { "Swapaxes", """{"axis1": 0, "axis2": -1}""", "$x", [3, 2], [1, -4, -2, 5, 3, -6] },
        { "Moveaxis", """{"source": 0, "destination": 1}""", "$x", [3, 2], [1, -4, -2, 5, 3, -6] },
        { "Flip", """{"axis": 1}""", "$x", [2, 3], [3, -2, 1, -6, 5, -4] },
        { "Where", "{}", """{"class_name": "__tensor__", "config": {"value": [true, false, true], "dtype": "bool"}}, $x, 7""", [2, 3], [1, 7, 3, -4, 7, -6] },
        { "Cast", """{"dtype": "int32"}""", "$x", [2, 3], X },
        { "Silu", "{}", "$x", [2, 3], Each(x => x / (1 + MathF.Exp(-x))) },
        { "Elu", """{"alpha": 1.0}""", "$x", [2, 3], Each(x => x > 0 ? x : MathF.Exp(x) - 1) },
        { "Gelu", """{"approximate": true}""", "$x", [2, 3], Each(x => 0.5f * x * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x))))) },
        { "Normalize", """{"axis": -1, "order": 2, "epsilon": null}""", "$x", [2, 3], [.. Enumerable.Range(0, 6).Select(i => X[i] / MathF.Sqrt(i < 3 ? 14 : 77))] },
        { "Logsumexp", """{"axis": 1, "keepdims": false}""", "$x", [2], [3.132846f, 5.000140f] },
        { "Argmax", """{"axis": 1, "keepdims": false}""", "$x", [2], [2, 1] },
        { "Argmax", """{"axis": 1, "keepdims": true}""", "$x", [2, 1], [2, 1] },
        { "Einsum", """{"subscripts": "ij,kj->ik"}""", "$x, $y", [2, 2], [-6.5f, 27.5f, 14, -62.75f] },
        { "Take", """{"axis": 1}""", """$x, {"class_name": "__numpy__", "config": {"value": [2, 0], "dtype": "int64"}}""", [2, 2], [3, 1, -6, -4] },
        { "Tile", """{"repeats": 2}""", "$x", [2, 6], [1, -2, 3, 1, -2, 3, -4, 5, -6, -4, 5, -6] },
        { "Pad", """{"pad_width": [[0, 0], [1, 0]], "mode": "constant"}""", "$x", [2, 4], [0, 1, -2, 3, 0, -4, 5, -6] },
        { "Greater", "{}", "$x, $y", [2, 3], Pairs((x, y) => x > y ? 1 : 0) },
    };

    [Theory]
    [MemberData(nameof(Keras3))]
    public void An_operation_of_Keras_3_runs(string type, string config, string args, int[] shape, float[] expected) =>
        Check(Layer3(type, config, args.Replace("$x", KerasModelFile.Tensor3("x"), StringComparison.Ordinal).Replace("$y", KerasModelFile.Tensor3("y"), StringComparison.Ordinal)), "3.5.0", shape, expected);

    [Fact]
    public void Parts_of_an_operation_are_outputs()
    {
        Check(Layer("TFOpLambda", """{"name": "op", "function": "split"}""", """[["x", 0, 0, {"num_or_size_splits": [1, 2], "axis": 1}]]"""), "2.11.0", [2, 2], [-2, 3, 5, -6], port: 1);
        Check(Layer3("Split", """{"indices_or_sections": [1], "axis": 1}""", KerasModelFile.Tensor3("x")), "3.5.0", [2, 2], [-2, 3, 5, -6], port: 1);
        Check(Layer("TFOpLambda", """{"name": "op", "function": "unstack"}""", """[["x", 0, 0, {"axis": 1}]]"""), "2.11.0", [2], [3, -6], port: 2);
    }

    [Fact]
    public void Logarithms_of_small_shares_are_exact()
    {
        string scaled = Layer("TFOpLambda", """{"name": "s", "function": "math.multiply"}""", """[["x", 0, 0, {"y": 100}]]""", "s");
        Check($"{scaled}, {Layer("TFOpLambda", """{"name": "op", "function": "nn.log_softmax"}""", """[["s", 0, 0, {}]]""")}", "2.11.0", [2, 3], [-200, -500, 0, -900, 0, -1100]);
        Check($"{scaled}, {Layer("TFOpLambda", """{"name": "op", "function": "nn.log_softmax"}""", """[["s", 0, 0, {"axis": 0}]]""")}", "2.11.0", [2, 3], [0, -700, 0, -500, 0, -900]);
    }

    [Fact]
    public void Matrices_are_transposed_by_their_last_two_dimensions()
    {
        string deeper = Layer("TFOpLambda", """{"name": "d", "function": "expand_dims"}""", """[["x", 0, 0, {"axis": 0}]]""", "d");
        Check($"{deeper}, {Layer("TFOpLambda", """{"name": "op", "function": "linalg.matrix_transpose"}""", """[["d", 0, 0, {}]]""")}", "2.11.0", [1, 3, 2], [1, -4, -2, 5, 3, -6]);
    }

    [Fact]
    public void A_reduction_that_begins_with_a_value_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 3]")], [Layer3("Max", """{"axis": 1, "keepdims": false, "initial": 4}""", KerasModelFile.Tensor3("x"))], "op"), "3.5.0");
        Assert.Contains("begins with a value", Assert.Throws<ModelException>(() => Model.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_may_be_tensors()
    {
        string[] layers =
        [
            Layer("TFOpLambda", """{"name": "size", "function": "compat.v1.shape"}""", """[["x", 0, 0, {}]]""", "size"),
            Layer("SlicingOpLambda", """{"name": "batch", "function": "__operators__.getitem"}""", """[["size", 0, 0, {"slice_spec": 0}]]""", "batch"),
            Layer("TFOpLambda", """{"name": "op", "function": "reshape"}""", """[["x", 0, 0, {"shape": [3, ["batch", 0, 0]]}]]"""),
        ];
        Check(string.Join(", ", layers), "2.11.0", [3, 2], X);
        layers[2] = Layer("SlicingOpLambda", """{"name": "op", "function": "__operators__.getitem"}""", """[["x", 0, 0, {"slice_spec": [{"start": 0, "stop": ["batch", 0, 0], "step": null}, ["batch", 0, 0]]}]]""");
        Check(string.Join(", ", layers), "2.11.0", [2], [3, -6]);
    }

    [Theory]
    [InlineData("TFOpLambda", """{"name": "op", "function": "math.magic"}""", """[["x", 0, 0, {}]]""", "the operation math.magic is not known")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "GetItem"}""", """[["x", 0, 0, {}]]""", "is not known")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "math.add"}""", """[["x", 0, 0, {}]]""", "is called without x2")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "reshape"}""", """[["x", 0, 0, {"shape": "all"}]]""", "expected integers")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "split"}""", """[["x", 0, 0, {"num_or_size_splits": 1000000000, "axis": 1}]]""", "parts")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "math.add"}""", """[["x", 0, 0, {"y": [[1, 2], [3]]}]]""", "rows of them that have the same length")]
    [InlineData("TFOpLambda", """{"name": "op", "function": "transpose"}""", """[["x", 0, 0, {"perm": [7, 9]}]]""", "does not fit")]
    public void A_call_that_is_not_known_or_bad_is_told(string type, string config, string nodes, string message)
    {
        using var folder = new TemporaryFolder();
        string path = KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 3]")], [Layer(type, config, nodes)], "op"), "2.11.0");
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Contains(e.Diagnostics[0].Code, (ErrorCode[])[KerasErrors.UnknownLayers, KerasErrors.BadConfig]);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(path, e.Diagnostics[0].Location?.File);
    }

    /// <summary>Operations of Keras 3 have no place among a file's layers: what is numbered by class is the layer, not the operation.</summary>
    [Fact]
    public void A_model_with_operations_and_layers_of_one_class_survives()
    {
        using var folder = new TemporaryFolder();
        string[] layers =
        [
            Layer3("Softmax", """{"axis": -1}""", KerasModelFile.Tensor3("x"), "nn"),
            $$$"""{"module": "keras.layers", "class_name": "Dense", "registered_name": null, "name": "d", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": false}, "inbound_nodes": [{"args": [{{{KerasModelFile.Tensor3("op")}}}], "kwargs": {}}]}""",
            $$$"""{"module": "keras.layers", "class_name": "Softmax", "registered_name": null, "name": "s", "config": {"name": "s", "axis": -1}, "inbound_nodes": [{"args": [{{{KerasModelFile.Tensor3("d")}}}], "kwargs": {}}]}""",
        ];
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 3]")], layers, "d"), "3.5.0", ("d", "d/kernel", Tensor.Wrap([1f, 2, 3], new Shape(3, 1)))));
        Assert.Equal(["x", "d", "s"], model.Keras!.Layers.Select(l => l.Name));
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(X, new Shape(2, 3)) };
        using var session = new Session(model);
        float[] wanted = session.Run(feeds, ["d"])["d"].Span<float>().ToArray();
        foreach (string format in (string[])["keras", "keras_h5"])
        {
            model.Save(folder[format], format);
            using Model back = Model.Load(folder[format]);
            using var again = new Session(back);
            Assert.Equal(wanted, again.Run(feeds, ["d"])["d"].Span<float>().ToArray());
        }

        ModelException e = Assert.Throws<ModelException>(() => model.Save(folder["js"], "tfjs_layers"));
        Assert.Equal((FormatErrors.OpsNotSupported, "op"), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.Node));
    }

    private static float[] Each(Func<float, float> f) => [.. X.Select(f)];

    private static float[] Pairs(Func<float, float, float> f) => [.. X.Zip(Y, f)];

    private static string Layer(string type, string config, string nodes, string name = "op") => $$"""{"class_name": "{{type}}", "name": "{{name}}", "config": {{config}}, "inbound_nodes": {{nodes}}}""";

    private static string Layer3(string type, string config, string args, string module = "numpy") =>
        $$$"""{"module": "keras.src.ops.{{{module}}}", "class_name": "{{{type}}}", "name": "op", "registered_name": "{{{type}}}", "config": {{{config}}}, "inbound_nodes": [{"args": [{{{args}}}], "kwargs": {}}]}""";

    private static void Check(string layers, string version, int[] shape, float[] expected, int port = 0)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 3]"), ("y", "[null, 3]")], [layers], "op", port), version));
        using var session = new Session(model);
        string name = Assert.Single(SignatureView.Of(model).Outputs).Name;
        Tensor found = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(X, new Shape(2, 3)), ["y"] = Tensor.Wrap(Y, new Shape(2, 3)) }, [name])[name];
        Assert.Equal(shape.Select(d => (long)d), found.Shape.Dims.ToArray());
        double[] numbers = [.. Decant.TestKit.TensorComparison.Numbers(found).Select(n => n.Real)];
        Assert.All(numbers.Zip(expected), p => Assert.InRange(p.First, p.Second - (Tolerance * Math.Max(1, Math.Abs(p.Second))), p.Second + (Tolerance * Math.Max(1, Math.Abs(p.Second)))));
    }
}
