using Decant.IR;
using Decant.Kernels.Resize;
using Decant.Kernels.Threading;
using Decant.Wire.Images;

namespace Decant.Quantizing.Calibration;

/// <summary>Image files, for a model with one input [batch, height, width, channels]. In folders, each is a class, in the order of their names.</summary>
internal sealed class ImageSet(string path, string[] files, ImagePreprocessing preprocessing, int[]? labels) : CalibrationSet
{
    private const long MostBytes = 1 << 29;

    public override string Path => path;

    public static bool IsImage(string file) => StartsAs(file, start => ImageFile.Recognize(start) is not null);

    public override IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs)
    {
        if (inputs.Count != 1)
            throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"images are for a model with one input, and this one has {string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}", "give a folder of .npy files named as the inputs");
        SignatureTensor input = inputs[0];
        int batch = InputFit.Batch(input);
        int[]? classes = labels ?? Classes();
        if (classes is not null && classes.Length < files.Length)
            throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"there are {classes.Length} labels for {files.Length} images");
        if (files.Length < batch)
            throw InputFit.Fault(path, input, $"{files.Length} images");
        for (int n = 0; n + batch <= files.Length; n += batch)
        {
            Tensor[] images = [.. files.AsSpan(n, batch).ToArray().Select(f => Element(Read(f), f, input, preprocessing))];
            yield return new CalibrationExample(files[n], new Dictionary<string, Tensor> { [input.Name] = Stacked(images) }, classes?[n..(n + batch)] ?? []);
        }
    }

    /// <summary>An encoded image as an element of an input, without the batch.</summary>
    public static Tensor Element(ReadOnlySpan<byte> encoded, string source, SignatureTensor input, ImagePreprocessing preprocessing)
    {
        Shape one = InputFit.OfOne(input);
        if (one.Rank != 3 || one[2] is not (1 or 3 or 4 or -1))
            throw InputFit.Fault(source, input, "an image", "images are for inputs [batch, height, width, channels] with 1, 3 or 4 channels");
        Raster raster = Decoded(encoded, one[2] < 0 ? 3 : (int)one[2], source);
        (int height, int width) = preprocessing.Resize ?? (raster.Height, raster.Width);
        if ((one[0] >= 0 && one[0] != height) || (one[1] >= 0 && one[1] != width))
        {
            throw InputFit.Fault(
                source, input, preprocessing.Resize is null ? $"an image of {raster.Height} x {raster.Width}" : $"images resized to {height} x {width}",
                one[0] > 0 && one[1] > 0 ? $"resize images: --calibrate-resize {one[0]}x{one[1]}" : null);
        }

        float[] values = Array.ConvertAll(raster.Samples[..(raster.Height * raster.Width * raster.Channels)], s => (float)(raster.IsWide ? s >> 8 : s));
        if ((height, width) != (raster.Height, raster.Width))
        {
            float[] resized = new float[checked(height * width * raster.Channels)];
            ResizeBilinear.Run<float>(values, resized, new ResizeGeometry(1, raster.Height, raster.Width, height, width, raster.Channels, HalfPixelCenters: true), WorkerPool.Shared);
            values = resized;
        }

        for (int i = 0; i < values.Length; i++)
            values[i] = ((values[i] * preprocessing.Scale) - Of(preprocessing.Mean, i % raster.Channels, source)) / Of(preprocessing.Std, i % raster.Channels, source);
        var shape = new Shape(height, width, raster.Channels);
        return input.DType switch
        {
            DType.Float32 => Tensor.Wrap(values, shape),
            DType.UInt8 => Tensor.Wrap(Array.ConvertAll(values, v => (byte)Math.Clamp(MathF.Round(v), 0, 255)), shape),
            _ => throw InputFit.Fault(source, input, "an image", "images are for inputs of float32 or uint8"),
        };
    }

    private static Raster Decoded(ReadOnlySpan<byte> encoded, int channels, string source)
    {
        try
        {
            return ImageFile.Read(encoded, channels);
        }
        catch (ModelException e)
        {
            throw new ModelException([.. e.Diagnostics.Select(d => d with { Location = (d.Location ?? new Location()) with { File = source } })]);
        }
    }

    private static float Of(IReadOnlyList<float> values, int channel, string source) => values.Count == 1 ? values[0] : channel < values.Count ? values[channel]
        : throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"the mean or std has {values.Count} numbers, and the image has more channels", "give one number, or one for each channel");

    private static byte[] Read(string file)
    {
        BufferSlice bytes = MappedFile.Open(file).Bytes;
        return bytes.Length <= MostBytes ? bytes.ToArray() : throw QuantizeErrors.BadCalibrationSet.At(new Location(file), $"the image has {bytes.Length} bytes, and at most {MostBytes} are read");
    }

    private int[]? Classes()
    {
        string?[] folders = [.. files.Select(f => System.IO.Path.GetDirectoryName(System.IO.Path.GetRelativePath(path, f)))];
        if (folders.Any(string.IsNullOrEmpty))
            return null;
        string[] names = [.. folders.Distinct().Order(StringComparer.Ordinal)!];
        return [.. folders.Select(f => Array.IndexOf(names, f))];
    }

    /// <summary>Tensors of one type and shape as a batch.</summary>
    public static Tensor Stacked(Tensor[] elements)
    {
        byte[] bytes = new byte[elements.Sum(e => e.Data.Length)];
        int at = 0;
        foreach (Tensor element in elements)
        {
            element.Data.Span.CopyTo(bytes.AsSpan(at));
            at += (int)element.Data.Length;
        }

        return new Tensor(elements[0].DType, new Shape([elements.Length, .. elements[0].Shape.Dims]), new BufferSlice(bytes));
    }
}
