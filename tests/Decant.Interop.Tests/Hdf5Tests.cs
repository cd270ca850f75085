using Decant.TestKit;
using Decant.Wire.Hdf5;
using Decant.Wire.Npy;

namespace Decant.Interop.Tests;

/// <summary>h5py and Decant find the same in the same files, whoever wrote them.</summary>
public sealed class Hdf5Tests
{
    public static IEnumerable<object[]> SharedFiles =>
        SharedData.Files("data/keras-h5").Concat(SharedData.Files("data/keras-zip")).Where(f => Path.GetExtension(f) is ".h5" or ".hdf5").Select(f => new object[] { Path.GetRelativePath(SharedData.Root, f) });

    [PythonTheory("h5py", "python3-h5py")]
    [InlineData("plain")]
    [InlineData("many")]
    [InlineData("ordered")]
    [InlineData("userblock")]
    [InlineData("latest")]
    [InlineData("latest-many")]
    public void What_h5py_writes_is_read(string kind)
    {
        using var folder = new TemporaryFolder();
        Python.Run("hdf5_make.py", folder["theirs.h5"], kind);
        Assert.True(Check(folder, folder["theirs.h5"]) > 20);
    }

    [SharedPythonTheory("h5py", "python3-h5py")]
    [MemberData(nameof(SharedFiles))]
    public void Every_array_of_other_peoples_files_has_the_numbers_that_h5py_reads(string path)
    {
        using var folder = new TemporaryFolder();
        Assert.True(Check(folder, SharedData.Path(path)) > 0);
    }

    [PythonTheory("h5py", "python3-h5py")]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(3000)]
    public void What_Decant_writes_is_read_by_h5py(int count)
    {
        using var folder = new TemporaryFolder();
        var root = new Hdf5GroupContent();
        for (int i = 0; i < count; i++)
            root.Group("layers").Group($"dense_{i * 7}").Add("kernel:0", Tensor.Wrap([i + 0.5f, -i], new Shape(1, 2))).SetText("note", i % 2 == 0 ? "" : "gr\u00fcn");
        Hdf5GroupContent types = root.Group("types");
        types.Add("f16", Tensor.Wrap([(Half)1.5f]));
        types.Add("f64", Tensor.Scalar(Math.PI));
        types.Add("i8", Tensor.Wrap([sbyte.MinValue]));
        types.Add("u16", Tensor.Wrap([ushort.MaxValue]));
        types.Add("i64", Tensor.Wrap([long.MinValue, 7], new Shape(2, 1)));
        types.Add("bool", Tensor.Wrap([true, false]));
        types.Add("empty", Tensor.Wrap(Array.Empty<float>(), new Shape(0, 2)));
        types.Add("texts", Tensor.FromStrings(["one", "", "drei"]));
        root.SetTexts("layer_names", [.. Enumerable.Range(0, count).Select(i => $"a_layer_with_a_long_name_{i}")]);
        root.SetText("model_config", new string('x', 100_000));
        root.Set("epochs", Tensor.Scalar(3L));
        using (FileStream stream = File.Create(folder["ours.h5"]))
            Hdf5Writer.Write(root, stream);
        Assert.True(Check(folder, folder["ours.h5"]) >= (2 * count) + 8);
        using var file = MappedFile.Open(folder["ours.h5"]);
        Assert.Equal(count, Hdf5File.Open(file.Bytes).Root.Texts("layer_names")!.Count);
    }

    [SharedPythonTheory("h5py", "python3-h5py")]
    [InlineData("data/keras-h5/mlperf-resnet8/pretrainedResnet.h5")]
    [InlineData("data/keras-zip/ner-lstm/model.keras")]
    [InlineData("data/tfjs-layers/nsfw-mobilenet-v2/model.json")]
    public void A_Keras_model_that_Decant_writes_is_read_by_h5py(string path)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(SharedData.Path(path));
        model.Save(folder["ours.h5"], "keras_h5");
        Assert.True(Check(folder, folder["ours.h5"]) > model.Keras!.Weights.Count());
    }

    /// <summary>Compares what h5py dumps with what is read, and gives the number of arrays.</summary>
    private static int Check(TemporaryFolder folder, string path)
    {
        Directory.CreateDirectory(folder["dump"]);
        Python.Run("hdf5_dump.py", path, folder["dump"]);
        string[] index = [.. File.ReadAllLines(folder["dump/index.txt"]).Where(l => l.Length > 0)];
        using var mapped = MappedFile.Open(path);
        var file = Hdf5File.Open(mapped.Bytes);
        int datasets = 0;
        for (int i = 0; i < index.Length; i++)
        {
            string[] parts = index[i].Split('\t');
            Tensor expected = NpyReader.Read(folder[$"dump/{i}.npy"]);
            Hdf5Object found = parts[1] == "/" ? file.Root : file.Root[parts[1]] ?? throw new InvalidOperationException($"{parts[1]} is missing");
            Tensor actual = parts[0] == "dataset" ? ((Hdf5Dataset)found).Read() : found.Attributes[parts[2]];
            datasets += parts[0] == "dataset" ? 1 : 0;
            Assert.Null(TensorComparison.Difference(actual, expected, 0, 0) is { } difference ? $"{index[i]}: {difference}" : null);
        }

        Assert.Equal(datasets, file.Root.Datasets().Count);
        return index.Length;
    }
}
