using Decant.IR;

namespace Decant.Quantizing.Calibration;

/// <summary>Examples in memory, or made as they are asked for.</summary>
internal sealed class GivenSet(IEnumerable<IReadOnlyDictionary<string, Tensor>> examples, IReadOnlyList<int>? labels) : CalibrationSet
{
    public override string Path => "the given examples";

    public override IEnumerable<CalibrationExample> Examples(IReadOnlyList<SignatureTensor> inputs)
    {
        int count = 0, labelled = 0;
        foreach (IReadOnlyDictionary<string, Tensor> example in examples)
        {
            string source = $"example {count++}";
            var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            int batch = 1;
            foreach (SignatureTensor input in inputs)
            {
                Tensor value = InputFit.Typed(example.TryGetValue(input.Name, out Tensor? given) ? given : throw InputFit.Fault(source, input, "no value"), input, source);
                values[input.Name] = input.Shape.IsCompatibleWith(value.Shape) ? value : throw InputFit.Fault(source, input, value.ToString());
                batch = value.Shape.Rank > 0 ? (int)value.Shape[0] : 1;
            }

            if (labels is not null && labels.Count < labelled + batch)
                throw QuantizeErrors.BadCalibrationSet.At(new Location(source), $"there are {labels.Count} labels, which are fewer than the examples");
            yield return new CalibrationExample(source, values, labels is null ? [] : [.. labels.Skip(labelled).Take(batch)]);
            labelled += batch;
        }
    }
}
