using System.IO.Enumeration;
using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing;

/// <summary>How activations become integers: for <see cref="QuantizationMode.Int8"/> and <see cref="QuantizationMode.Int16"/>.</summary>
public sealed record IntegerOptions
{
    /// <summary>
    /// Examples of the inputs, from which the ranges of activations are taken. Null for a model that was trained with FakeQuant ops: its
    /// ranges are theirs, and operators without one stay float.
    /// </summary>
    public CalibrationSet? Calibration { get; init; }

    /// <summary>How a range follows from the values that were seen.</summary>
    public RangeMethod Ranges { get; init; }

    /// <summary>For <see cref="RangeMethod.Percentile"/>: the part of the values, in percent, that the range holds.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>The range of activations that neither calibration nor training gives one; null to leave what needs it float.</summary>
    public ValueRange? DefaultRange { get; init; }

    /// <summary>Ranges of inputs that are given, by the names of the inputs.</summary>
    public IReadOnlyDictionary<string, ValueRange> InputRanges { get; init; } = new Dictionary<string, ValueRange>();

    /// <summary>The type of float inputs: float32, or int8, uint8 or int16 to leave their quantization to the caller.</summary>
    public DType InputType { get; init; } = DType.Float32;

    /// <summary>The type of float outputs, as <see cref="InputType"/>.</summary>
    public DType OutputType { get; init; } = DType.Float32;

    /// <summary>
    /// What stays float: patterns with <c>*</c> and <c>?</c> for the names of operators as the float model has them, such as
    /// <c>block_1/*</c>, or for kinds of operators, such as <c>SOFTMAX</c>.
    /// </summary>
    public IReadOnlyList<string> KeepFloat { get; init; } = [];

    /// <summary>Whether biases make up for what rounding the weights adds to the mean of each channel.</summary>
    public bool CorrectBias { get; init; }

    /// <summary>Whether fully connected layers have a scale for each output; runtimes before TensorFlow 2.17 read one for all.</summary>
    public bool PerChannelDense { get; init; } = true;

    /// <summary>
    /// The part of right answers, such as 0.01, that may be lost on <see cref="Labelled"/>: operators become float again, those that
    /// suffer most first, until no more is. Null to quantize all that can be.
    /// </summary>
    public double? AccuracyDrop { get; init; }

    /// <summary>Examples with labels, for <see cref="AccuracyDrop"/>.</summary>
    public CalibrationSet? Labelled { get; init; }

    /// <summary>Whether the error of every layer is measured on the calibration set.</summary>
    public bool Report { get; init; }

    /// <summary>Whether an operator is one of <see cref="KeepFloat"/>.</summary>
    internal bool KeepsFloat(Node node) => KeepFloat.Any(p => FileSystemName.MatchesSimpleExpression(p, node.Name, ignoreCase: false) || FileSystemName.MatchesSimpleExpression(p, node.Op.Name));
}
