using Decant.IR;
using Decant.Wire.Npy;

namespace Decant.Quantizing.Calibration;

/// <summary>Arrays whose first axis counts examples: a file for each input, or, of a model with one input, any number of files.</summary>
internal sealed class NpySet(string path, string[] files, int[]? labels) : CalibrationSet
{
    public override string Path => path;

    public override IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs)
    {
        if (inputs.Count == 0)
            yield break;
        Dictionary<string, string> byName = [];
        // As `decant run --output-dir` names files.
        foreach ((SignatureTensor input, string name) in inputs.Zip(NpyFileNames.Of([.. inputs.Select(i => i.Name)])))
        {
            if (files.FirstOrDefault(f => System.IO.Path.GetFileName(f) == name) is { } file)
                byName[input.Name] = file;
            else if (inputs.Count > 1)
                throw QuantizeErrors.BadCalibrationSet.At(new Location(path), $"there is no file for the input '{input.Name}', expected {name}", $"the model has the inputs {string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}");
        }

        int count = 0;
        foreach (string[] parts in byName.Count == inputs.Count ? [[.. inputs.Select(i => byName[i.Name])]] : files.Select(f => new[] { f }))
        {
            foreach (CalibrationExample example in Examples(inputs, parts, count))
            {
                count += InputFit.Batch(inputs[0]);
                yield return example;
            }
        }
    }

    private IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs, string[] parts, int before)
    {
        Tensor[] arrays = [.. parts.Select(NpyReader.Read)];
        int batch = InputFit.Batch(inputs[0]);
        long count = long.MaxValue;
        for (int i = 0; i < arrays.Length; i++)
        {
            Shape one = InputFit.OfOne(inputs[i]);
            if (arrays[i].Shape.Rank < 1 || !one.IsCompatibleWith(new Shape(arrays[i].Shape.Dims[1..])) || arrays[i].ElementCount == 0)
                throw InputFit.Fault(parts[i], inputs[i], arrays[i].ToString(), $"the first axis counts examples, and each is of the shape {one}");
            if (i > 0 && arrays[i].Shape[0] != arrays[0].Shape[0])
                throw QuantizeErrors.BadCalibrationSet.At(new Location(parts[i]), $"there are {arrays[i].Shape[0]} examples for the input '{inputs[i].Name}', and {arrays[0].Shape[0]} for '{inputs[0].Name}'");
            count = arrays[i].Shape[0] / batch;
        }

        if (count == 0)
            throw InputFit.Fault(parts[0], inputs[0], $"an array of {arrays[0].Shape[0]} examples");
        for (int n = 0; n < count; n++)
        {
            string Source(int input) => $"{parts[input]}, example {n * batch}";
            yield return new CalibrationExample(Source(0), Enumerable.Range(0, arrays.Length).ToDictionary(i => inputs[i].Name, i => InputFit.Typed(Rows(arrays[i], n * batch, batch, inputs[i]), inputs[i], Source(i))), Labels(before + (n * batch), batch, Source(0)));
        }
    }

    private int[] Labels(int first, int count, string source) => labels is null ? [] : first + count <= labels.Length ? labels[first..(first + count)]
        : throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"there are {labels.Length} labels, which are fewer than the examples");

    private static Tensor Rows(Tensor array, long first, int count, SignatureTensor input)
    {
        var shape = new Shape([count, .. array.Shape.Dims[1..]]);
        Shape given = input.Shape.Rank == 0 ? Shape.Scalar : shape;
        int perRow = checked((int)(array.ElementCount / array.Shape[0]));
        if (array.DType == DType.String)
            return new Tensor(given, array.Strings.Slice((int)first * perRow, count * perRow).ToArray());
        long bytes = array.Data.Length / array.Shape[0];
        return new Tensor(array.DType, given, array.Data.Slice(first * bytes, count * bytes));
    }
}
