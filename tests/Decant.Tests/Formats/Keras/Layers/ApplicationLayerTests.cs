using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>Layers that networks of keras.applications bring along, and Rescaling with numbers for each channel.</summary>
public sealed class ApplicationLayerTests
{
    /// <summary>A layer, the values of each input, and what it gives. LayerScale has the weights 2 and -1.</summary>
    public static TheoryData<string, string, string, float[]> Layers => new()
    {
        { "CustomScaleLayer", "{\"scale\": 0.5}", "[null, 2]", [1.5f, 3] },
        { "LayerScale", "{\"init_values\": 0.1, \"projection_dim\": 2}", "[null, 2]", [2, -2] },
        { "StochasticDepth", "{\"drop_path_rate\": 0.9}", "[null, 2]", [1, 2] },
        { "Rescaling", "{\"scale\": [2, 3], \"offset\": 1}", "[null, 2]", [3, 7] },
        { "Rescaling", "{\"scale\": {\"class_name\": \"__numpy__\", \"config\": {\"value\": [2, 3], \"dtype\": \"float32\"}}, \"offset\": [[0, 1]]}", "[null, 2]", [2, 7] },
        { "Rescaling", "{\"scale\": [2, 3], \"data_format\": \"channels_first\"}", "[null, 2, 1, 1]", [2, 6] },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layers_give_what_Keras_says(string type, string options, string declared, float[] expected)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(Written(folder, type, options, declared));
        using var session = new Session(model);
        Tensor x = Tensor.Wrap([1f, 2], declared.Length > 9 ? new Shape(1, 2, 1, 1) : new Shape(1, 2));
        SignatureView view = SignatureView.Of(model);
        Tensor found = session.Run(view.Inputs.ToDictionary(i => i.Name, _ => x), [view.Outputs[0].Name])[view.Outputs[0].Name];
        Assert.Equal(x.Shape, found.Shape);
        Assert.Equal(expected, found.Span<float>().ToArray());
    }

    /// <summary>Classes of other packages with the same names.</summary>
    [Theory]
    [InlineData("StochasticDepth", "{\"rate\": 0.5}", "drop_path_rate is missing")]
    [InlineData("LayerScale", "{\"dim\": 2}", "projection_dim is missing")]
    [InlineData("CustomScaleLayer", "{}", "scale is missing")]
    [InlineData("Rescaling", "{\"scale\": [1, \"a\"]}", "expected a number or a list of numbers")]
    public void Other_options_are_refused(string type, string options, string message)
    {
        using var folder = new TemporaryFolder();
        string path = Written(folder, type, options, "[null, 2]");
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static string Written(TemporaryFolder folder, string type, string options, string declared)
    {
        bool hasTwo = type == "CustomScaleLayer";
        string calls = hasTwo ? "[[[\"x\", 0, 0, {}], [\"y\", 0, 0, {}]]]" : "[[[\"x\", 0, 0, {}]]]";
        (string, string)[] inputs = hasTwo ? [("x", declared), ("y", declared)] : [("x", declared)];
        string config = KerasModelFile.Functional(inputs, [$$"""{"class_name": "{{type}}", "name": "t", "config": {"name": "t", {{options[1..]}}, "inbound_nodes": {{calls}} }""".Replace(", }", "}", StringComparison.Ordinal)], "t");
        return KerasModelFile.Write(folder["m.h5"], config, "3.8.0", type == "LayerScale" ? [("t", "t/variable", Tensor.Wrap([2f, -1]))] : []);
    }
}
