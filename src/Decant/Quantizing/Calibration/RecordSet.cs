using Decant.IR;
using Decant.Ops.Parsing;
using Decant.Wire.Images;
using Decant.Wire.Records;

namespace Decant.Quantizing.Calibration;

/// <summary>
/// TFRecord files of <c>tf.Example</c>s with a feature for each input, named as it: numbers, strings, an encoded image, or the elements as
/// bytes. A feature <c>label</c> is the class.
/// </summary>
internal sealed class RecordSet(string path, string[] files, ImagePreprocessing preprocessing, int[]? labels) : CalibrationSet
{
    private const string LabelFeature = "label";

    public override string Path => path;

    public override IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs)
    {
        if (inputs.Count == 0)
            yield break;
        int batch = InputFit.Batch(inputs[0]), count = 0;
        List<(string Source, Dictionary<string, Tensor> Values, int? Label)> open = [];
        foreach ((string source, Dictionary<string, Feature> features) in Records())
        {
            int? label = labels is null ? Label(features)
                : count < labels.Length ? labels[count] : throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"there are {labels.Length} labels, which are fewer than the examples");
            count++;
            open.Add((source, inputs.ToDictionary(i => i.Name, i => Element(features, i, source)), label));
            if (open.Count < batch)
                continue;
            yield return new CalibrationExample(open[0].Source, inputs.ToDictionary(i => i.Name, i => Joined([.. open.Select(o => o.Values[i.Name])], i, source)), open.TrueForAll(o => o.Label is not null) ? [.. open.Select(o => o.Label!.Value)] : []);
            open.Clear();
        }

        if (count < batch)
            throw InputFit.Fault(path, inputs[0], $"{count} examples");
    }

    private IEnumerable<(string Source, Dictionary<string, Feature> Features)> Records()
    {
        foreach (string file in files)
        {
            using TFRecordReader reader = TFRecordReader.Open(file);
            for (int i = 0; reader.TryRead(out byte[]? record); i++)
            {
                string source = $"{file}, example {i}";
                yield return (source, Parsed(record, source));
            }
        }
    }

    private static Dictionary<string, Feature> Parsed(byte[] record, string source)
    {
        try
        {
            return Feature.OfExample(record);
        }
        catch (ModelException e)
        {
            throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"the record is no tf.Example: {e.Diagnostics[0].Message}");
        }
    }

    private static int? Label(Dictionary<string, Feature> features) =>
        features.TryGetValue(LabelFeature, out Feature feature) && feature.DType == DType.Int64 && Values(feature) is { ElementCount: 1 } value && value.Span<long>()[0] is >= 0 and <= int.MaxValue and var label ? (int)label : null;

    /// <summary>An input's value in one example, without the batch.</summary>
    private Tensor Element(Dictionary<string, Feature> features, SignatureTensor input, string source)
    {
        if (!features.TryGetValue(input.Name, out Feature feature))
            throw InputFit.Fault(source, input, "no feature of that name", $"the record has {string.Join(", ", features.Keys.Order(StringComparer.Ordinal).Select(k => $"'{k}'"))}");
        Tensor values;
        try
        {
            values = Values(feature);
        }
        catch (ModelException e)
        {
            throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"the feature '{input.Name}' cannot be read: {e.Diagnostics[0].Message}");
        }

        if (values.DType == DType.String && input.DType != DType.String)
        {
            ReadOnlyMemory<byte> bytes = values.ElementCount == 1 ? values.Strings[0] : throw InputFit.Fault(source, input, $"a feature of {values.ElementCount} byte strings");
            if (ImageFile.Recognize(bytes.Span) is not null)
                return ImageSet.Element(bytes.Span, source, input, preprocessing);
            values = input.DType.HasFixedSize() && bytes.Length % input.DType.Size() == 0 ? new Tensor(input.DType, new Shape(bytes.Length / input.DType.Size()), new BufferSlice(bytes.ToArray()))
                : throw InputFit.Fault(source, input, $"a feature of {bytes.Length} bytes");
        }

        return InputFit.Typed(values, input, source).Reshaped(Shaped(InputFit.OfOne(input), values.ElementCount) ?? throw InputFit.Fault(source, input, $"a feature of {values.ElementCount} elements"));
    }

    private static Tensor Values(Feature feature)
    {
        var column = new FeatureColumn(feature.DType);
        int count = column.Add(feature);
        return column.ToTensor(new Shape(count));
    }

    /// <summary>The shape with its open size, of which there may be one, as the number of elements needs it; null when it does not fit.</summary>
    private static Shape? Shaped(Shape shape, long count)
    {
        if (!shape.HasRank)
            return new Shape(count);
        long[] dims = shape.Dims.ToArray();
        long known = dims.Where(d => d >= 0).Aggregate(1L, (a, d) => a * d);
        int open = Array.IndexOf(dims, -1);
        if (open >= 0 && known > 0 && count % known == 0)
            dims[open] = count / known;
        return new Shape(dims) is { IsFullyKnown: true } full && full.ElementCount == count ? full : null;
    }

    private static Tensor Joined(Tensor[] elements, SignatureTensor input, string source)
    {
        if (input.Shape.Rank == 0)
            return elements[0];
        if (elements[0].DType == DType.String)
            return new Tensor(new Shape([elements.Length, .. elements[0].Shape.Dims]), [.. elements.SelectMany(e => e.Strings.ToArray())]);
        return Array.TrueForAll(elements, e => e.Shape == elements[0].Shape) ? ImageSet.Stacked(elements) : throw InputFit.Fault(source, input, "a batch of examples of several shapes");
    }
}
