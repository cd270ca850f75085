using System.Text.Json;
using Decant.Formats;
using Decant.IR;
using Decant.Tests.Formats.Keras;

namespace Decant.Tests.Formats.TFJS;

/// <summary>Layers that TensorFlow.js does not have are written as others, which give the same.</summary>
public sealed class LayerFormsTests
{
    private const string Input = """{"class_name": "__keras_tensor__", "config": {"shape": [null, 2, 3], "dtype": "float32", "keras_history": ["x", 0, 0]}}""";

    private static readonly Tensor Values = Tensor.Wrap([-4, -2.5f, -0.5f, 0.25f, 2, 5], new Shape(1, 2, 3));

    /// <summary>A layer of x [2, 3] as a functional model has it, the version of Keras, and the classes that are written for it.</summary>
    public static TheoryData<string, string, string[]> Cases => new()
    {
        { Layer("GlobalAveragePooling1D", "\"keepdims\": true"), "3.8.0", ["GlobalAveragePooling1D", "Reshape"] },
        { Layer("GlobalMaxPooling1D", "\"keepdims\": true"), "2.15.0", ["GlobalMaxPooling1D", "Reshape"] },
        { Layer("Activation", "\"activation\": \"hard_sigmoid\""), "3.8.0", ["Rescaling", "ReLU", "Rescaling"] },
        { Layer("Activation", "\"activation\": \"hard_sigmoid\""), "2.15.0", ["Activation"] },
        { Layer("Activation", "\"activation\": \"hard_silu\""), "3.8.0", ["Rescaling", "ReLU", "Rescaling", "Multiply"] },
        { Layer("Reshape", "\"target_shape\": [-1, 2]"), "3.8.0", ["Reshape"] },
        { Layer("Normalization", "\"axis\": -1, \"mean\": [1, 0, -1], \"variance\": [4, 0, 0.25]"), "3.8.0", ["BatchNormalization"] },
        { Layer("Normalization", "\"axis\": [2], \"mean\": 0.5, \"variance\": [[[4.0]]]"), "2.15.0", ["BatchNormalization"] },
        { Operation3("Add", $"{Input}, 3.0"), "3.8.0", ["Rescaling"] },
        { Operation3("Subtract", $"2, {Input}"), "3.8.0", ["Rescaling"] },
        { Operation3("TrueDivide", $"{Input}, 8"), "3.8.0", ["Rescaling"] },
        { """{"class_name": "TFOpLambda", "name": "y", "config": {"name": "y", "function": "math.multiply"}, "inbound_nodes": [["x", 0, 0, {"y": 0.25, "name": null}]]}""", "2.11.0", ["Rescaling"] },
        { """{"class_name": "TFOpLambda", "name": "y", "config": {"name": "y", "function": "__operators__.sub"}, "inbound_nodes": [["x", 0, 0, {"y": 3, "name": null}]]}""", "2.11.0", ["Rescaling"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Other_layers_give_the_same(string layer, string version, string[] classes)
    {
        using var folder = new TemporaryFolder();
        using Model source = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 2, 3]")], [layer], "y"), version));
        source.Save(folder["js"], "tfjs_layers");
        using Model written = Model.Load(folder["js"]);
        Assert.Equal(["InputLayer", .. classes], Classes(folder["js"]));
        Assert.Equal(Run(source), Run(written), (a, b) => Math.Abs(a - b) < 1e-6f || a == b);
    }

    [Fact]
    public void A_layer_that_is_called_twice_has_its_parts_called_twice()
    {
        string[] layers =
        [
            """{"class_name": "Activation", "name": "a", "config": {"name": "a", "activation": "hard_silu"}, "inbound_nodes": [[["x", 0, 0, {}]], [["a", 0, 0, {}]]]}""",
            """{"class_name": "Activation", "name": "a_1", "config": {"name": "a_1", "activation": "linear"}, "inbound_nodes": [[["a", 1, 0, {}]]]}""",
        ];
        using var folder = new TemporaryFolder();
        using Model source = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 2, 3]")], layers, "a_1"), "3.8.0"));
        source.Save(folder["js"], "tfjs_layers");
        using Model written = Model.Load(folder["js"]);
        Assert.Equal(["InputLayer", "Rescaling", "ReLU", "Rescaling", "Multiply", "Activation"], Classes(folder["js"]));
        Assert.Equal(Run(source), Run(written), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void A_size_that_differs_between_calls_stays_open()
    {
        string[] layers =
        [
            """{"class_name": "Reshape", "name": "r", "config": {"name": "r", "target_shape": [3, -1]}, "inbound_nodes": [[["x", 0, 0, {}]], [["z", 0, 0, {}]]]}""",
            """{"class_name": "Concatenate", "name": "y", "config": {"name": "y", "axis": 2}, "inbound_nodes": [[["r", 0, 0, {}], ["r", 1, 0, {}]]]}""",
        ];
        using var folder = new TemporaryFolder();
        using Model source = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 2, 3]"), ("z", "[null, 4, 3]")], layers, "y"), "2.15.0"));
        source.Save(folder["js"], "tfjs_layers");
        Assert.Contains("\"target_shape\":[3,-1]", File.ReadAllText(Path.Combine(folder["js"], "model.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_layer_of_a_list_keeps_the_shape_of_its_input()
    {
        const string Config = """{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "GlobalAveragePooling1D", "config": {"name": "pool", "batch_input_shape": [null, 2, 3], "dtype": "float32", "keepdims": true}}]}}""";
        using var folder = new TemporaryFolder();
        using Model source = Model.Load(KerasModelFile.Write(folder["m.h5"], Config, "2.15.0"));
        source.Save(folder["js"], "tfjs_layers");
        using Model written = Model.Load(folder["js"]);
        Assert.Equal(["GlobalAveragePooling1D", "Reshape"], Classes(folder["js"]));
        Assert.Equal(new Shape(1, 1, 3), Result(written).Shape);
    }

    [Theory]
    [InlineData("Add", "[INPUT], INPUT", "TensorFlow.js has no operations between layers")]
    [InlineData("Divide", "2, INPUT", "TensorFlow.js has no operations between layers")]
    [InlineData("Divide", "INPUT, 0", "TensorFlow.js has no operations between layers")]
    public void Operations_that_are_no_layer_are_refused(string type, string arguments, string message)
    {
        using var folder = new TemporaryFolder();
        using Model source = Model.Load(KerasModelFile.Write(folder["m.h5"], KerasModelFile.Functional([("x", "[null, 2, 3]")], [Operation3(type, arguments.Replace("[INPUT]", Input, StringComparison.Ordinal).Replace("INPUT", Input, StringComparison.Ordinal))], "y"), "3.8.0"));
        foreach (Action write in (Action[])[() => source.Save(folder["js"], "tfjs_layers"), () => source.ConvertToKeras("tfjs_layers")])
        {
            Diagnostic fault = Assert.Single(Assert.Throws<ModelException>(write).Diagnostics);
            Assert.Equal(FormatErrors.OpsNotSupported, fault.Code);
            Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        }
    }

    private static string Layer(string type, string options) =>
        $$"""{"class_name": "{{type}}", "name": "y", "config": {"name": "y", "trainable": true, {{options}}}, "inbound_nodes": [[["x", 0, 0, {}]]]}""";

    private static string Operation3(string type, string arguments) =>
        $$$"""{"module": "keras.src.ops.numpy", "class_name": "{{{type}}}", "name": "y", "config": {"name": "y"}, "inbound_nodes": [{"args": [{{{arguments}}}], "kwargs": {}}]}""";

    private static float[] Run(Model model) => Result(model).Span<float>().ToArray();

    private static Tensor Result(Model model)
    {
        SignatureView view = SignatureView.Of(model);
        using var session = new Session(model);
        return session.Run(new Dictionary<string, Tensor> { [view.Inputs[0].Name] = Values }, [view.Outputs[0].Name])[view.Outputs[0].Name];
    }

    private static string[] Classes(string folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "model.json")));
        return [.. json.RootElement.GetProperty("modelTopology").GetProperty("model_config").GetProperty("config").GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("class_name").GetString()!)];
    }
}
