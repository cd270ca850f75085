using System.Text;
using Decant.IR;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.Wire.Images;
using Decant.Wire.Npy;
using Decant.Wire.Records;

namespace Decant.Tests.Quantizing.Calibration;

/// <summary>Examples from files of each kind, and what is said of those that do not fit.</summary>
public sealed class CalibrationSetTests : IDisposable
{
    private static readonly SignatureTensor X = new("x", "x", DType.Float32, new Shape(-1, 2, 3));

    private static readonly SignatureTensor Ids = new("scope/ids:0", "ids", DType.Int32, new Shape(-1));

    private static readonly SignatureTensor Image = new("image", "image", DType.Float32, new Shape(1, 2, 2, 3));

    private readonly string _folder = Directory.CreateTempSubdirectory("calibration").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_axis_of_an_array_counts_examples()
    {
        string path = Npy("set.npy", Tensor.Wrap([.. Enumerable.Range(0, 12).Select(i => (double)i)], new Shape(2, 2, 3)));
        CalibrationExample[] examples = [.. CalibrationSet.Open(path).Examples([X])];
        Assert.Equal(2, examples.Length);
        Assert.Equal(new Shape(1, 2, 3), examples[1].Inputs["x"].Shape);
        Assert.Equal([6f, 7, 8, 9, 10, 11], examples[1].Inputs["x"].Span<float>().ToArray());
    }

    [Fact]
    public void A_fixed_batch_takes_as_many_examples_as_it_has_and_labels_with_them()
    {
        string path = Npy("set.npy", Tensor.Wrap(new float[5 * 6], new Shape(5, 2, 3)));
        File.WriteAllText(Path.Combine(_folder, "labels.txt"), "3\n1\n4\n1\n5\n");
        CalibrationExample[] examples = [.. CalibrationSet.Open(path, labels: Path.Combine(_folder, "labels.txt")).Examples([X with { Shape = new Shape(2, 2, 3) }])];
        Assert.Equal([[3, 1], [4, 1]], examples.Select(e => e.Labels));
    }

    [Fact]
    public void Files_of_a_folder_are_named_as_the_inputs()
    {
        Npy("x.npy", Tensor.Wrap(new float[12], new Shape(2, 2, 3)));
        Npy("scope_ids_0.npy", Tensor.Wrap(new long[] { 7, 8 }));
        CalibrationExample[] examples = [.. CalibrationSet.Open(_folder).Examples([X, Ids])];
        Assert.Equal([7, 8], examples.Select(e => Assert.Single(e.Inputs["scope/ids:0"].Span<int>().ToArray())));
    }

    [Fact]
    public void Images_are_resized_and_their_pixels_scaled_by_channel_and_folders_are_classes()
    {
        Png("dog/1.png", 4, 4, 255);
        Png("cat/1.png", 2, 2, 51);
        var preprocessing = new ImagePreprocessing { Resize = (2, 2), Scale = 1f / 255, Mean = [0, 0.5f, 1], Std = [1, 0.5f, 2] };
        CalibrationExample[] examples = [.. CalibrationSet.Open(_folder, preprocessing).Examples([Image])];
        Assert.Equal([[0], [1]], examples.Select(e => e.Labels));
        Assert.Equal([0.2f, -0.6f, -0.4f], examples[0].Inputs["image"].Span<float>()[..3].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1f, 1f, 0f], examples[1].Inputs["image"].Span<float>()[^3..].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Records_have_a_feature_for_each_input_as_numbers_bytes_or_an_image()
    {
        string path = Path.Combine(_folder, "set.tfrecord");
        using (FileStream file = File.Create(path))
        {
            using var records = new TFRecordWriter(file, TFRecordCompression.Gzip);
            records.Write(Example(("x", Floats(1, 2, 3, 4, 5, 6)), ("scope/ids:0", Ints(7)), ("label", Ints(2))));
            records.Write(Example(("x", Bytes([.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))])), ("scope/ids:0", Ints(9)), ("label", Ints(0))));
        }

        CalibrationExample[] examples = [.. CalibrationSet.Open(path).Examples([X, Ids])];
        Assert.Equal([[2], [0]], examples.Select(e => e.Labels));
        Assert.Equal([0f, 1, 2, 3, 4, 5], examples[1].Inputs["x"].Span<float>().ToArray());
        Assert.Equal(9, examples[1].Inputs["scope/ids:0"].Span<int>()[0]);

        string images = Path.Combine(_folder, "images.tfrecord");
        using (FileStream file = File.Create(images))
        {
            using var records = new TFRecordWriter(file);
            records.Write(Example(("image", Bytes(Pixels(2, 2, 10)))));
        }

        Assert.All(Assert.Single(CalibrationSet.Open(images).Examples([Image])).Inputs["image"].Span<float>().ToArray(), x => Assert.Equal(10, x));
    }

    [Theory]
    [InlineData("shape", "the input 'x' is float32[?,2,3], and float32[4,5] was found for it", "set.npy")]
    [InlineData("type", "the input 'scope/ids:0' is int32[?], and float32[1] was found for it", "scope_ids_0.npy, example 0")]
    [InlineData("missing", "there is no file for the input 'scope/ids:0', expected scope_ids_0.npy", "")]
    [InlineData("counts", "there are 3 examples for the input 'scope/ids:0', and 2 for 'x'", "scope_ids_0.npy")]
    [InlineData("size", "the input 'image' is float32[1,2,2,3], and an image of 3 x 4 was found for it", "a.png")]
    [InlineData("batch", "the input 'x' is float32[8,2,3], and an array of 2 examples was found for it", "set.npy")]
    [InlineData("feature", "the input 'x' is float32[?,2,3], and no feature of that name was found for it", "set.tfrecord, example 0")]
    [InlineData("elements", "the input 'x' is float32[?,2,3], and a feature of 2 elements was found for it", "set.tfrecord, example 0")]
    [InlineData("nothing", "the folder has 1 files, and none is a .npy file, an image or a TFRecord file", "")]
    [InlineData("absent", "there is no such file or folder", "absent")]
    [InlineData("labels", "there are 1 labels, which are fewer than the examples", "set.npy, example 1")]
    [InlineData("word", "label 0 is 'dog', expected the number of a class", "labels.txt")]
    public void What_does_not_fit_names_the_input_the_shapes_and_the_file(string what, string message, string file)
    {
        ModelException e = Assert.Throws<ModelException>(() => Open(what).Count());
        Assert.Equal(QuantizeErrors.BadCalibrationSet, e.Diagnostics[0].Code);
        Assert.Equal(message, e.Diagnostics[0].Message);
        Assert.EndsWith(file, e.Diagnostics[0].Location!.File, StringComparison.Ordinal);
    }

    private IEnumerable<CalibrationExample> Open(string what)
    {
        string In(string name) => Path.Combine(_folder, name);
        switch (what)
        {
            case "shape":
                return CalibrationSet.Open(Npy("set.npy", Tensor.Wrap(new float[20], new Shape(4, 5)))).Examples([X]);
            case "type":
                Npy("x.npy", Tensor.Wrap(new float[6], new Shape(1, 2, 3)));
                Npy("scope_ids_0.npy", Tensor.Wrap([1f]));
                return CalibrationSet.Open(_folder).Examples([X, Ids]);
            case "missing":
                Npy("x.npy", Tensor.Wrap(new float[6], new Shape(1, 2, 3)));
                return CalibrationSet.Open(_folder).Examples([X, Ids]);
            case "counts":
                Npy("x.npy", Tensor.Wrap(new float[12], new Shape(2, 2, 3)));
                Npy("scope_ids_0.npy", Tensor.Wrap([1, 2, 3]));
                return CalibrationSet.Open(_folder).Examples([X, Ids]);
            case "size":
                Png("a.png", 3, 4, 0);
                return CalibrationSet.Open(_folder).Examples([Image]);
            case "batch":
                return CalibrationSet.Open(Npy("set.npy", Tensor.Wrap(new float[12], new Shape(2, 2, 3)))).Examples([X with { Shape = new Shape(8, 2, 3) }]);
            case "feature" or "elements":
                using (FileStream stream = File.Create(In("set.tfrecord")))
                {
                    using var records = new TFRecordWriter(stream);
                    records.Write(Example((what == "feature" ? "y" : "x", Floats(1, 2))));
                }

                return CalibrationSet.Open(In("set.tfrecord")).Examples([X]);
            case "nothing":
                File.WriteAllText(In("readme"), "nothing");
                return CalibrationSet.Open(_folder).Examples([X]);
            case "labels" or "word":
                File.WriteAllText(In("labels.txt"), what == "word" ? "dog" : "1");
                return CalibrationSet.Open(Npy("set.npy", Tensor.Wrap(new float[12], new Shape(2, 2, 3))), labels: In("labels.txt")).Examples([X]);
            default:
                return CalibrationSet.Open(In(what)).Examples([X]);
        }
    }

    private string Npy(string name, Tensor tensor)
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        NpyWriter.Write(tensor, file);
        return path;
    }

    private static byte[] Pixels(int height, int width, ushort value)
    {
        ushort[] samples = new ushort[height * width * 3];
        Array.Fill(samples, value);
        return PngWriter.Write(new Raster(1, height, width, 3, samples));
    }

    private void Png(string name, int height, int width, ushort value)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Pixels(height, width, value));
    }

    // Fields of tf.Example: features 1, entries 1 with key 1 and value 2; lists of bytes 1, floats 2, int64 3, values 1.
    private static byte[] Example(params (string Name, byte[] Feature)[] features) =>
        Message(1, [.. features.SelectMany(f => Message(1, [.. Message(1, Encoding.UTF8.GetBytes(f.Name)), .. Message(2, f.Feature)]))]);

    private static byte[] Floats(params float[] values) => Message(2, Message(1, [.. values.SelectMany(BitConverter.GetBytes)]));

    private static byte[] Ints(params byte[] values) => Message(3, Message(1, values));

    private static byte[] Bytes(byte[] value) => Message(1, Message(1, value));

    private static byte[] Message(int field, byte[] content)
    {
        List<byte> length = [];
        for (int rest = content.Length; ; rest >>= 7)
        {
            length.Add((byte)(rest > 127 ? (rest & 127) | 128 : rest));
            if (rest <= 127)
                break;
        }

        return [(byte)((field << 3) | 2), .. length, .. content];
    }
}
