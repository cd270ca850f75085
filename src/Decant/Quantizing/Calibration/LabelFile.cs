using System.Globalization;
using Decant.Wire.Npy;

namespace Decant.Quantizing.Calibration;

/// <summary>Reads the classes of examples: a <c>.npy</c> file of integers, or a text file of one integer per line.</summary>
internal static class LabelFile
{
    private const long MostBytes = 1 << 28;

    public static int[] Read(string path)
    {
        BufferSlice bytes = MappedFile.Open(path).Bytes;
        if (bytes.Length > MostBytes)
            throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"the labels have {bytes.Length} bytes, and at most {MostBytes} are read");
        return NpyReader.IsNpy(bytes) ? Numbers(path, NpyReader.Read(bytes)) : Lines(path);
    }

    private static int[] Numbers(string path, Tensor labels) => labels.DType switch
    {
        DType.Int64 => Array.ConvertAll(labels.Span<long>().ToArray(), l => Class(path, l)),
        DType.Int32 => labels.Span<int>().ToArray(),
        DType.UInt8 => Array.ConvertAll(labels.Span<byte>().ToArray(), l => (int)l),
        _ => throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"the labels are {labels}, expected int64, int32 or uint8"),
    };

    private static int[] Lines(string path)
    {
        string[] lines = [.. File.ReadLines(path).Select(l => l.Trim()).Where(l => l.Length > 0)];
        return [.. lines.Select((line, i) => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int label) ? label
            : throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"label {i} is '{line}', expected the number of a class"))];
    }

    private static int Class(string path, long label) => label is >= 0 and <= int.MaxValue ? (int)label
        : throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"there is a label {label}, expected the number of a class");
}
