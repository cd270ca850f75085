using Decant.IR;
using Decant.Wire.Images;
using Decant.Wire.Npy;
using Decant.Wire.Records;

namespace Decant.Quantizing.Calibration;

/// <summary>Examples of a model's inputs. They may be asked for several times, and are the same each time; one at a time is in memory.</summary>
public abstract class CalibrationSet
{
    /// <summary>Where the set is from, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>The examples one after the other, with batches as the inputs need them.</summary>
    /// <param name="inputs">The inputs of the model.</param>
    /// <exception cref="ModelException">A file cannot be read, or an example does not fit an input.</exception>
    public abstract IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs);

    /// <summary>
    /// A set on disk: a <c>.npy</c> file whose first axis counts examples, a folder of <c>.npy</c> files named as the inputs, a folder of
    /// images (a folder in it for each class, or not), a TFRecord file of <c>tf.Example</c>s or a folder of them.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="images">How pixels become elements.</param>
    /// <param name="labels">
    /// A <c>.npy</c> file of integers or a text file of one per line, a class for each example in order; null when the set itself tells.
    /// </param>
    /// <exception cref="ModelException">There is nothing of these.</exception>
    public static CalibrationSet Open(string path, ImagePreprocessing? images = null, string? labels = null)
    {
        images ??= new ImagePreprocessing();
        int[]? classes = labels is null ? null : LabelFile.Read(labels);
        if (File.Exists(path))
            return IsNpy(path) ? new NpySet(path, [path], classes) : ImageSet.IsImage(path) ? new ImageSet(path, [path], images, classes) : new RecordSet(path, [path], images, classes);
        if (!Directory.Exists(path))
            throw QuantizeErrors.BadCalibrationSet.At(new Location(path), "there is no such file or folder");
        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        string[] arrays = [.. files.Where(IsNpy)], pictures = [.. files.Where(ImageSet.IsImage)];
        if (arrays.Length > 0)
            return new NpySet(path, arrays, classes);
        if (pictures.Length > 0)
            return new ImageSet(path, pictures, images, classes);
        return files.Where(TFRecordReader.Recognizes).ToArray() is { Length: > 0 } records ? new RecordSet(path, records, images, classes)
            : throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"the folder has {files.Length} files, and none is a .npy file, an image or a TFRecord file");
    }

    /// <summary>A set of examples at hand, with all inputs by name and shapes with their batch.</summary>
    /// <param name="examples">Asked for several times, and must be the same each time.</param>
    /// <param name="labels">A class for each element of the batches in order, or null.</param>
    public static CalibrationSet Of(IEnumerable<IReadOnlyDictionary<string, Tensor>> examples, IReadOnlyList<int>? labels = null) => new GivenSet(examples, labels);

    private static bool IsNpy(string path) => StartsAs(path, start => NpyReader.IsNpy(new BufferSlice(start)));

    /// <summary>Whether the first bytes of a file are as a test says.</summary>
    internal static bool StartsAs(string path, Predicate<byte[]> test)
    {
        const int Enough = 16;
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] start = new byte[Enough];
            return test(start[..file.ReadAtLeast(start, Enough, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CoreErrors.CannotRead.At(new Location(path), e.Message.TrimEnd('.'));
        }
    }
}
