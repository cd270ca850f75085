namespace Decant.Quantizing.Calibration;

/// <summary>Values of a model's inputs.</summary>
/// <param name="Source">Where it is from, for messages: a file, with the number of the example in it.</param>
/// <param name="Inputs">Values by the names of inputs, which fit them.</param>
/// <param name="Labels">The right class of each element of the batch; empty when there are no labels.</param>
public sealed record CalibrationExample(string Source, IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyList<int> Labels);
