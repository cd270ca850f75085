using Decant.IR.TextForm;
using Decant.Wire.Hdf5;

namespace Decant.Cli.Tests;

/// <summary>Small models of each format that <c>tensorflowjs_converter</c> takes: two Dense layers, or a product with a bias.</summary>
internal sealed class KerasFiles(TemporaryFolder folder)
{
    private const string Config =
        """
        {"class_name": "Sequential", "config": {"name": "m", "layers": [
          {"class_name": "Dense", "config": {"name": "hidden", "batch_input_shape": [null, 2], "units": 3, "activation": "relu"}},
          {"class_name": "Dense", "config": {"name": "y", "units": 1, "activation": "linear"}}]}}
        """;

    public string Path(string name) => folder[name];

    /// <summary>A model of a format, by the original's name.</summary>
    public string Source(string format)
    {
        switch (format)
        {
            case "keras":
                return H5();
            case "keras_keras":
                return Converted("keras", "model.keras");
            case "tfjs_layers_model":
                return System.IO.Path.Combine(Converted("tfjs_layers", "layers"), "model.json");
            case "keras_saved_model" or "tf_saved_model":
                return Converted("saved_model", "saved");
            case "tf_hub":
                string module = Converted("saved_model", "module");
                File.WriteAllBytes(System.IO.Path.Combine(module, "tfhub_module.pb"), [8, 3]);
                return module;
            case "tfjs_graph_model":
                return System.IO.Path.Combine(Converted("tfjs", "web"), "model.json");
            default:
                return Converted("graphdef", "frozen.pb");
        }
    }

    /// <summary>A frozen graph with a node of any op at its end.</summary>
    public string Graph(string last = "Identity(z) {T: float32}")
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?, 2]}
              w = Const() {dtype: float32, value: float32[2, 2] {1, 2, 3, 4} }
              xw = MatMul(x, w) {T: float32, transpose_a: false, transpose_b: false}
              b = Const() {dtype: float32, value: float32[2] {0.5, -0.5} }
              z = BiasAdd(xw, b) {T: float32}
              y = {{last}}
            }
            """);
        model.Save(folder["graph.pb"], "graphdef");
        return folder["graph.pb"];
    }

    private string Converted(string to, string name)
    {
        Cli.Run("convert", H5(), "--to", to, "-o", folder[name]).Ends(ExitCode.Done);
        return folder[name];
    }

    /// <summary>The weights of the model alone, as <c>save_weights</c> writes them.</summary>
    public string Weights() => H5("weights.h5", isWhole: false);

    private string H5(string name = "model.h5", bool isWhole = true)
    {
        var root = new Hdf5GroupContent();
        if (isWhole)
            root.SetText("model_config", Config);
        root.SetText("keras_version", "2.4.0");
        root.SetText("backend", "tensorflow");
        Hdf5GroupContent weights = isWhole ? root.Group("model_weights") : root;
        weights.SetTexts("layer_names", ["hidden", "y"]);
        foreach ((string part, int from, int to) in (ReadOnlySpan<(string, int, int)>)[("hidden", 2, 3), ("y", 3, 1)])
        {
            Hdf5GroupContent layer = weights.Group(part);
            layer.SetTexts("weight_names", [$"{part}/kernel:0", $"{part}/bias:0"]);
            layer.Add($"{part}/kernel:0", Tensor.Wrap([.. Enumerable.Range(0, from * to).Select(i => (i * 0.25f) - 0.4f)], new Shape(from, to)));
            layer.Add($"{part}/bias:0", Tensor.Wrap(new float[to]));
        }

        using FileStream stream = File.Create(folder[name]);
        Hdf5Writer.Write(root, stream);
        return folder[name];
    }
}
