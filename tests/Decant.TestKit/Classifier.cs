using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using Decant.Kernels.Resize;
using Decant.Kernels.Threading;
using Decant.Wire.Images;

namespace Decant.TestKit;

/// <summary>A network that tells classes, with inputs to ask it about: a line of <c>bench/classifiers.tsv</c>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Path">The model.</param>
/// <param name="Input">Its input.</param>
/// <param name="Output">The scores of the classes.</param>
/// <param name="Shape">The shape of an example, without the batch.</param>
/// <param name="Data">What the examples are: mnist, photos, noise.</param>
/// <param name="Folder">Where the data is.</param>
/// <param name="Scale">What pixels are multiplied by.</param>
/// <param name="Mean">What is subtracted then.</param>
/// <param name="Std">What it is divided by.</param>
public sealed record Classifier(string Name, string Path, string Input, string Output, Shape Shape, string Data, string Folder, float Scale, float Mean, float Std)
{
    /// <summary>The lines of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="data">The folder that paths are relative to.</param>
    public static IEnumerable<Classifier> Read(string file, string data) =>
        from line in File.ReadLines(file)
        where !line.StartsWith('#')
        let cells = line.Split('\t')
        select new Classifier(
            cells[0], System.IO.Path.Combine(data, cells[1]), cells[2], cells[3], new Shape([.. cells[4].Split(',').Select(long.Parse)]), cells[5], data, Number(cells[6]), Number(cells[7]), Number(cells[8]));

    /// <summary>Examples, the same each time.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    public Tensor[] Examples(int first, int count)
    {
        byte[]? digits = Data == "mnist" ? Digits() : null;
        Raster[] photos = Data == "photos" ? [.. Directory.GetFiles(System.IO.Path.Combine(Folder, "data/images"), "*.bmp").Order(StringComparer.Ordinal).Select(f => ImageFile.Read(File.ReadAllBytes(f), (int)Shape[2]))] : [];
        return [.. Enumerable.Range(first, count).Select(i => Tensor.Wrap(Array.ConvertAll(digits is not null ? Digit(digits, i) : photos.Length > 0 ? Crop(photos[i % photos.Length], i) : Noise(i), p => ((p * Scale) - Mean) / Std), new Shape([1, .. Shape.Dims])))];
    }

    /// <summary>How two models' scores of the same examples agree.</summary>
    /// <param name="expected">Those of the reference.</param>
    /// <param name="found">Those of the other model.</param>
    /// <param name="margin">The reference is sure where its best score is this part of the largest above the second.</param>
    public static ScoreAgreement Agreement(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found, double margin)
    {
        (int same, int sure, int sameSure) = (0, 0, 0);
        for (int i = 0; i < expected.Count; i++)
        {
            float[] scores = expected[i].Span<float>().ToArray();
            int answer = TensorPrimitives.IndexOfMax<float>(scores);
            bool isSame = answer == TensorPrimitives.IndexOfMax(found[i].Span<float>());
            float second = scores.Where((_, c) => c != answer).Max();
            bool isSure = scores[answer] - second >= margin * scores.Max(Math.Abs);
            same += isSame ? 1 : 0;
            sure += isSure ? 1 : 0;
            sameSure += isSure && isSame ? 1 : 0;
        }

        double cosine = TensorPrimitives.CosineSimilarity<float>([.. expected.SelectMany(t => t.Span<float>().ToArray())], [.. found.SelectMany(t => t.Span<float>().ToArray())]);
        return new ScoreAgreement((double)same / expected.Count, (double)sure / expected.Count, (double)sameSure / Math.Max(1, sure), cosine);
    }

    private byte[] Digits()
    {
        const int Header = 16;
        using var file = new GZipStream(File.OpenRead(System.IO.Path.Combine(Folder, "data/mnist-t10k/t10k-images-idx3-ubyte.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray()[Header..];
    }

    private float[] Digit(byte[] digits, int index)
    {
        int size = (int)Shape.ElementCount;
        return Array.ConvertAll(digits[(index * size)..((index + 1) * size)], b => (float)b);
    }

    private float[] Noise(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)Shape.ElementCount).Select(_ => random.NextSingle())];
    }

    /// <summary>A part of a photo, from a fifth of its smaller side to all of it, in the size of the input.</summary>
    private float[] Crop(Raster photo, int seed)
    {
        var random = new Random(seed);
        int side = (int)(Math.Min(photo.Height, photo.Width) * (0.2 + (0.8 * random.NextDouble()))), top = random.Next(photo.Height - side + 1), left = random.Next(photo.Width - side + 1), channels = photo.Channels;
        float[] part = new float[side * side * channels], resized = new float[Shape.ElementCount];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side * channels; x++)
                part[(y * side * channels) + x] = photo.Samples[((((top + y) * photo.Width) + left) * channels) + x];
        }

        ResizeBilinear.Run<float>(part, resized, new ResizeGeometry(1, side, side, (int)Shape[0], (int)Shape[1], channels, HalfPixelCenters: true), WorkerPool.Shared);
        return resized;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>How the scores of two models agree.</summary>
/// <param name="Same">The part of examples with the same answer.</param>
/// <param name="Sure">The part on which the reference is sure.</param>
/// <param name="SameSure">Of those, the part with the same answer.</param>
/// <param name="Cosine">The cosine of all scores together.</param>
public sealed record ScoreAgreement(double Same, double Sure, double SameSure, double Cosine);
