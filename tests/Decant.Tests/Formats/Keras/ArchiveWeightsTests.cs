using System.IO.Compression;
using System.Text;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>Which groups of an archive's weights belong to which layers.</summary>
public sealed class ArchiveWeightsTests
{
    // Two dense layers of one input and output each around one without weights, and a model of one more.
    private const string Config = """
        {"class_name": "Functional", "config": {"name": "m", "input_layers": [["x", 0, 0]], "output_layers": [["inner", 1, 0]], "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 1], "dtype": "float32"}, "inbound_nodes": []},
          {"class_name": "Dense", "name": "a", "config": {"name": "a", "units": 1, "use_bias": false}, "inbound_nodes": [[["x", 0, 0, {}]]]},
          {"class_name": "ReLU", "name": "r", "config": {"name": "r"}, "inbound_nodes": [[["a", 0, 0, {}]]]},
          {"class_name": "Dense", "name": "b", "config": {"name": "b", "units": 1, "use_bias": false}, "inbound_nodes": [[["r", 0, 0, {}]]]},
          {"class_name": "ReLU", "name": "s", "config": {"name": "s"}, "inbound_nodes": [[["b", 0, 0, {}]]]},
          {"class_name": "Sequential", "name": "inner", "config": {"name": "inner", "layers": [
            {"class_name": "Dense", "config": {"name": "c", "units": 1, "use_bias": false, "batch_input_shape": [null, 1]}},
            {"class_name": "Dense", "config": {"name": "d", "units": 1, "use_bias": false}}]}, "inbound_nodes": [[["s", 0, 0, {}]]]}]}}
        """;

    /// <summary>The container with what joins the names of groups, and the groups with their kernels, empty ones without.</summary>
    public static TheoryData<string, string, string> Numbers => new()
    {
        { "2.15.0", @"layers\", @"input_layer=,dense=2,re_lu=,dense_1=3,re_lu_1=,sequential=,sequential\layers\dense=5,sequential\layers\dense_1=7" },
        { "3.5.0", "layers/", "input_layer=,dense=2,re_lu=,dense_1=3,re_lu_1=,sequential/layers/dense=5,sequential/layers/dense_1=7" },
        { "2.13.1", "_layer_checkpoint_dependencies/", "input_layer=,dense=2,re_lu=,dense_2=3,re_lu_1=,sequential/_layer_checkpoint_dependencies/dense=5,sequential/_layer_checkpoint_dependencies/dense_2=7" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Layers_take_the_groups_that_their_version_of_Keras_named_for_them(string version, string container, string groups)
    {
        using var folder = new TemporaryFolder();
        var root = new Hdf5GroupContent();
        foreach (string[] group in groups.Split(',').Select(g => g.Split('=')))
        {
            Hdf5GroupContent vars = $"{container}{group[0]}/vars".Split('/').Aggregate(root, (outer, name) => outer.Group(name));
            if (group[1].Length > 0)
                vars.Add("0", Tensor.Wrap(new[] { float.Parse(group[1], System.Globalization.CultureInfo.InvariantCulture) }, new Shape(1, 1)));
        }

        var weights = new MemoryStream();
        Hdf5Writer.Write(root, weights);
        using (ZipArchive zip = ZipFile.Open(folder["m.keras"], ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] bytes) in ((string, byte[])[])[("metadata.json", Encoding.UTF8.GetBytes($$"""{"keras_version": "{{version}}"}""")), ("config.json", Encoding.UTF8.GetBytes(Config)), ("model.weights.h5", weights.ToArray())])
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        using Model model = Model.Load(folder["m.keras"]);
        using var session = new Session(model);
        string output = SignatureView.Of(model).Outputs[0].Name;
        Assert.Equal([2f * 3 * 5 * 7, -0f], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new[] { 1f, -1 }, new Shape(2, 1)) }, [output])[output].Span<float>().ToArray());
    }
}
