using Decant.IR;
using Decant.Lowering;
using Decant.Ops;
using Decant.Quantizing;
using Decant.Runtime;

namespace Decant.Comparison;

/// <summary>What running a converted model beside its original showed.</summary>
/// <param name="Outputs">The comparison of each output, by the signature's key and the output's name.</param>
/// <param name="NotRun">Why they could not be compared, or null.</param>
/// <param name="Random">Outputs that were left out because they depend on random numbers.</param>
public sealed record ConvertCheck(IReadOnlyList<OutputComparison> Outputs, Diagnostic? NotRun, IReadOnlyList<string> Random)
{
    /// <summary>How far float outputs may be apart: the order of additions, and the rounding of folded weights.</summary>
    public static CompareOptions Tolerance { get; } = OptimizeCheck.Tolerance;

    /// <summary>
    /// What is expected of quantized weights, as a part of an output's largest value: rounding to 11 bits, or to 7 with activations of 8, in
    /// each of many layers.
    /// </summary>
    public static CompareOptions ToleranceOf(QuantizationMode mode) => mode switch
    {
        QuantizationMode.Float16 => Tolerance with { RelativeTolerance = 0, ScaleTolerance = 0.02 },
        QuantizationMode.Dynamic or QuantizationMode.Int8 or QuantizationMode.Int16 => Tolerance with { RelativeTolerance = 0, ScaleTolerance = 0.2 },
        _ => Tolerance,
    };

    /// <summary>Whether both gave the same, or nothing could be compared.</summary>
    public bool Passed => Outputs.All(o => o.Difference.Equal);

    /// <summary>Runs both on the same inputs, a signature after the other.</summary>
    /// <param name="result">The conversion.</param>
    /// <param name="converted">The converted model, or what was read of it when it was written.</param>
    /// <param name="inputs">Values of inputs by name; those that are not given are random.</param>
    /// <param name="seed">The seed of random values.</param>
    /// <param name="options">How closely.</param>
    /// <exception cref="ModelException">The original runs, but the result does not.</exception>
    public static ConvertCheck Run(ConvertResult result, Model converted, IReadOnlyDictionary<string, Tensor> inputs, int seed, CompareOptions options)
    {
        List<OutputComparison> compared = [];
        Diagnostic? notRun = null;
        List<string> random = [];
        if (converted.Functions.Values.Append(converted.Graph).SelectMany(g => g.Nodes).FirstOrDefault(IsForeign) is { } foreign)
            return new ConvertCheck([], new Diagnostic(OpErrors.NoKernel, $"the custom operator {foreign.Op.Name} has no kernel here", foreign.At()), []);
        foreach (ConvertedSignature signature in result.Signatures)
        {
            HashSet<string> drawn = OptimizeCheck.RandomOutputs(signature.Reference, signature.Outputs.Select(o => o.Tensor));
            random.AddRange(signature.Outputs.Where(o => drawn.Contains(o.Tensor)).Select(o => o.Name));
            string[] outputs = [.. signature.Outputs.Where(o => !drawn.Contains(o.Tensor)).Select(o => o.Name).Distinct()];
            if (outputs.Length == 0)
                continue;
            if (ProbeAnswer.Find(signature.Reference, signature.Reference.Graph, signature.Inputs, [.. signature.Outputs.Where(o => outputs.Contains(o.Name)).DistinctBy(o => o.Name)], inputs, seed, out notRun) is not { } expected)
                break;
            string? key = signature.Key.Length > 0 ? signature.Key : null;
            var view = SignatureView.Of(converted, key);
            IReadOnlyDictionary<string, Tensor> found = PiecewiseRun.Run(converted, expected.Inputs.ToDictionary(p => p.Key, p => AsQuantized(p.Value, view.Resolve(p.Key, isInput: true))), outputs, key);
            compared.AddRange(outputs.Select(o => new OutputComparison(o, signature.Key, ModelComparison.Difference(expected.Outputs[o], AsFloat(found[o], view.Resolve(o, isInput: false)), options))));
        }

        return new ConvertCheck(compared, notRun, random);
    }

    /// <summary>
    /// Whether a conversion is compared as it was written: the weights of a large model are made as they are written, and running it before that would
    /// make them twice. Operators that apps bring are not read back.
    /// </summary>
    /// <param name="result">The conversion.</param>
    /// <param name="path">Where it is written.</param>
    public static bool TakesWritten(ConvertResult result, string path) => result.SelectOps.Count == 0 && result.CustomOps.Count == 0
        && result.Model.ConstantBytes > WeightPieces.LargestWhole && !AtomicFile.IsInPlace(path);

    /// <summary>Writes the converted model beside a path, runs what was written beside the original, and puts it at the path if that is accepted.</summary>
    /// <param name="result">The conversion.</param>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="compare">Compares with the model that was read of the file, such as by <see cref="Run"/>; false to leave the path as it was.</param>
    /// <returns>Whether it was accepted.</returns>
    /// <exception cref="ModelException">It cannot be written or read, or the original runs, but the result does not.</exception>
    public static bool Save(ConvertResult result, string path, string format, Func<Model, bool> compare) => AtomicFile.Replace(path, beside => result.Model.Save(beside, format), beside =>
    {
        using Model written = Model.Load(beside);
        return compare(written);
    });

    /// <summary>Whether only an app can run a node.</summary>
    private static bool IsForeign(Node node) => node.Op.Dialect == Dialect.TFLite && node.Op != TFLiteParts.TensorOp && !OpTable.All.TryGet(node.Op, out _);

    private static Tensor AsQuantized(Tensor value, Value input) =>
        input.Node.Fact(input.Port) is { Quantization: { HasScale: true } scale, DType: var type } && value.DType == DType.Float32 && type != DType.Float32 ? Quantized.Quantize(value, type, scale) : value;

    private static Tensor AsFloat(Tensor value, Value output) =>
        output.Node.Fact(output.Port).Quantization is { HasScale: true } scale && value.DType is DType.Int8 or DType.UInt8 or DType.Int16 ? Quantized.Dequantize(value, scale) : value;
}
