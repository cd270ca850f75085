using System.IO.Compression;
using System.Text;
using Decant.Formats.Keras;
using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>Faults of Keras models that were made here.</summary>
public sealed class KerasFaultTests
{
    private const string Dense = """{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 2], "units": 1, "activation": "relu"}}]}}""";

    [Fact]
    public void A_model_that_was_made_here_runs()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(WriteH5(folder, Dense, ("kernel:0", Tensor.Wrap([2f, 3], new Shape(2, 1))), ("bias:0", Tensor.Wrap([-1f]))));
        using var session = new Session(model);
        Tensor y = session.Run(new Dictionary<string, Tensor> { ["d_input"] = Tensor.Wrap([1f, 1, -1, -1], new Shape(2, 2)) }, ["d"])["d"];
        Assert.Equal([4f, 0], y.Span<float>().ToArray());
    }

    [Theory]
    [InlineData("""{"class_name": "Sequential"}""", "keras-bad-config", "without its class_name or config")]
    [InlineData("""{"class_name": "Sequential", "config": [""", "keras-bad-config", "no JSON")]
    [InlineData("""{"class_name": "Sequential", "config": {"layers": 3}}""", "keras-unknown-layers|keras-bad-config", "layers")]
    [InlineData("""{"class_name": "Sequential", "config": []}""", "keras-bad-config", "no layers")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d"}}]}""", "keras-bad-config", "shape of its input")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Magic", "config": {"name": "a"}}, {"class_name": "Other", "config": {"name": "b"}}]}""", "keras-unknown-layers", "'b' (Other)")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Lambda", "config": {"name": "a"}}]}""", "keras-lambda", "never run")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Embedding", "config": {"name": "none", "batch_input_shape": [null, 2]}}]}""", "keras-bad-weights", "0 weights")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Activation", "config": {"name": "a", "batch_input_shape": [null, 2], "activation": "magic"}}]}""", "keras-unknown-layers", "'magic'")]
    [InlineData("""{"class_name": "Model", "config": {"layers": [{"class_name": "Dropout", "name": "a", "config": {}, "inbound_nodes": [[["b", 0, 0]]]}, {"class_name": "Dropout", "name": "b", "config": {}, "inbound_nodes": [[["a", 0, 0]]]}], "input_layers": [], "output_layers": [["a", 0, 0]]}}""", "keras-bad-config", "in a circle")]
    public void A_fault_of_the_description_is_told_with_its_place(string config, string codes, string message)
    {
        using var folder = new TemporaryFolder();
        string path = WriteH5(folder, config, ("kernel:0", Tensor.Wrap([2f, 3], new Shape(2, 1))));
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Contains(e.Diagnostics[0].Code.Id, codes.Split('|'));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(path, e.Diagnostics[0].Location?.File);
    }

    [Theory]
    [InlineData("\"d\\xff\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\uDC00x\"")]
    public void Texts_that_cannot_be_decoded_are_faults_of_the_description(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] config = Encoding.Latin1.GetBytes(Dense.Replace("\"d\"", name.Replace("\\xff", "\u00ff", StringComparison.Ordinal), StringComparison.Ordinal));
        using (ZipArchive zip = ZipFile.Open(folder["m.keras"], ZipArchiveMode.Create))
        {
            foreach ((string file, byte[] bytes) in ((string, byte[])[])[("metadata.json", "{}"u8.ToArray()), ("config.json", config), ("model.weights.h5", [])])
            {
                using Stream entry = zip.CreateEntry(file).Open();
                entry.Write(bytes);
            }
        }

        File.WriteAllBytes(folder["model.json"], [.. "{\"format\": \"layers-model\", \"weightsManifest\": [], \"modelTopology\": "u8, .. Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(config).Replace("class_name", "className", StringComparison.Ordinal)), .. "}"u8]);
        foreach (string path in (string[])[folder["m.keras"], folder["model.json"]])
        {
            ModelException e = Assert.Throws<ModelException>(() => Model.Load(path).Dispose());
            Assert.NotNull(e.Diagnostics[0].Location?.File);
        }
    }

    [Theory]
    [InlineData("{\"loss\": \u0001}")]
    [InlineData("3")]
    public void Training_that_is_told_in_no_JSON_is_left_out(string training)
    {
        using var folder = new TemporaryFolder();
        string path = WriteH5(folder, Dense, ("kernel:0", Tensor.Wrap([2f, 3], new Shape(2, 1))), ("bias:0", Tensor.Wrap([-1f])));
        using (Model plain = Model.Load(path))
        {
            plain.Keras = plain.Keras! with { TrainingConfig = new BufferSlice(Encoding.UTF8.GetBytes(training), path) };
            plain.Save(folder["trained.h5"], "keras_h5");
        }

        using Model model = Model.Load(folder["trained.h5"]);
        Assert.True(model.Keras!.TrainingConfig.IsEmpty);
        Assert.Contains(model.Notes, n => n.Contains("no JSON object", StringComparison.Ordinal));
        model.Save(folder["layers"], "tfjs_layers");
        using Model layers = Model.Load(folder["layers"]);
        Assert.NotEmpty(layers.Keras!.Layers);
    }

    [Theory]
    [InlineData("../config.json", 10, "leads out")]
    [InlineData("model.weights.h5", 100_000_000, "unpacks to")]
    [InlineData("other", 10, "has no config.json")]
    public void An_archive_that_is_unsafe_is_refused(string name, int length, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.keras"];
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using (Stream first = zip.CreateEntry("metadata.json", CompressionLevel.NoCompression).Open())
                first.Write("{\"keras_version\": \"3.0.0\"}"u8);
            using Stream entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[length]);
        }

        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Equal(KerasErrors.BadArchive, e.Diagnostics[0].Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_to_an_archive_never_escapes()
    {
        using var folder = new TemporaryFolder();
        string h5 = WriteH5(folder, Dense, ("kernel:0", Tensor.Wrap([2f, 3], new Shape(2, 1))), ("bias:0", Tensor.Wrap([-1f])));
        string path = folder["model.keras"];
        var root = new Hdf5GroupContent();
        root.Add("layers/dense/vars/0", Tensor.Wrap([2f, 3], new Shape(2, 1)));
        root.Add("layers/dense/vars/1", Tensor.Wrap([-1f]));
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using (Stream config = zip.CreateEntry("config.json", CompressionLevel.SmallestSize).Open())
                config.Write(Encoding.UTF8.GetBytes(Dense));
            using Stream weights = zip.CreateEntry("model.weights.h5", CompressionLevel.NoCompression).Open();
            var bytes = new MemoryStream();
            Hdf5Writer.Write(root, bytes);
            weights.Write(bytes.ToArray());
        }

        using (Model model = Model.Load(path))
            Assert.Single(model.Signatures);
        foreach (string file in (string[])[h5, path])
        {
            byte[] whole = File.ReadAllBytes(file);
            var random = new Random(3);
            int refused = 0;
            for (int i = 0; i < 400; i++)
            {
                byte[] copy = i < 100 ? whole[..(whole.Length * i / 100)] : [.. whole];
                if (i >= 100)
                    random.NextBytes(copy.AsSpan(random.Next(copy.Length - 2), 2));
                string damaged = folder["damaged" + Path.GetExtension(file)];
                File.WriteAllBytes(damaged, copy);
                try
                {
                    Model.Load(damaged).Dispose();
                }
                catch (ModelException)
                {
                    refused++;
                }
            }

            Assert.True(refused > 100);
        }
    }

    private static string WriteH5(TemporaryFolder folder, string config, params (string Name, Tensor Value)[] weights)
    {
        var root = new Hdf5GroupContent();
        root.SetText("model_config", config);
        root.SetText("keras_version", "2.2.0");
        Hdf5GroupContent model = root.Group("model_weights");
        model.SetTexts("layer_names", ["d"]);
        Hdf5GroupContent layer = model.Group("d");
        layer.SetTexts("weight_names", [.. weights.Select(w => $"d/{w.Name}")]);
        foreach ((string name, Tensor value) in weights)
            layer.Add($"d/{name}", value);
        using FileStream stream = File.Create(folder["model.h5"]);
        Hdf5Writer.Write(root, stream);
        return folder["model.h5"];
    }
}
