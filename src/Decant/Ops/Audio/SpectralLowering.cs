using System.Numerics;
using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Audio;

/// <summary>
/// Spectra of real numbers in TensorFlow Lite's operators. RFFT2D is the only transform there, of lengths that are powers of two: a line is an image
/// of one row. Of any other length the real and imaginary parts are products with cosines and sines, where nothing but parts is read.
/// </summary>
internal static class SpectralLowering
{
    /// <summary>Elements of a matrix of cosines: 16 MB.</summary>
    private const long LargestMatrix = 1 << 22;

    public static IEnumerable<LoweringRule> All =>
    [
        new("RFFT", Line),
        new("RFFT2D", Image),
        new("Real", g => g.Set(Parts(g) is { } parts ? parts.Real() : g.Emit("REAL", [g.In(0)], null)[0])),
        new("Imag", g => g.Set(Parts(g) is { } parts ? parts.Imaginary() : g.Emit("IMAG", [g.In(0)], null)[0])),
        new("ComplexAbs", g => g.Set(Parts(g) is { } parts ? g.Tf("Sqrt", g.Tf("AddV2", g.Tf("Square", parts.Real()), g.Tf("Square", parts.Imaginary()))) : g.Emit("COMPLEX_ABS", [g.In(0)], null)[0])),
    ];

    private static void Line(LoweringContext g)
    {
        if (g.ConstantInts(1, "lengths") is not [var length])
            throw g.Fail("has more than one length");
        Shape shape = g.Output().Shape;
        Value image = g.Tf("ExpandDims", g.In(0), g.Scalar(-2, DType.Int32));
        Value spectrum = Transform(g, image, [1, length], shape.HasRank ? new Shape([.. shape.Dims[..^1], 1, shape[-1]]) : shape);
        g.Set(g.Tf("Squeeze", new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [-2] } } }, spectrum));
    }

    private static void Image(LoweringContext g)
    {
        if (g.ConstantInts(1, "lengths") is not [var rows, var columns])
            throw g.Fail("has other than two lengths");
        g.Set(Transform(g, g.In(0), [rows, columns], g.Output().Shape));
    }

    private static Value Transform(LoweringContext g, Value image, long[] lengths, Shape shape)
    {
        if (g.Output().DType != DType.Complex64)
            throw g.Refuse($"gives {g.Output().DType.Name()}, and RFFT2D gives complex64");
        // The runtime's transform of a single column reads beyond it.
        if (lengths.Any(l => l < 1 || !BitOperations.IsPow2(l)) || lengths[1] < 2)
            throw g.Refuse($"transforms lengths of [{string.Join(',', lengths)}], and RFFT2D takes powers of two; RFFT may have any length where only ComplexAbs, Real and Imag read it");
        return g.Emit("RFFT2D", [image, g.Vector(lengths)], null, new Fact(DType.Complex64, shape))[0];
    }

    /// <summary>What a part is read of, where that is an RFFT which had no form itself; null for others.</summary>
    private static SpectrumParts? Parts(LoweringContext g)
    {
        Node spectrum = g.In(0).Node;
        if (spectrum.Op != "RFFT" || spectrum.Inputs is not [var line, { Constant: { } constant }] || TensorInts.Read(constant, spectrum) is not [>= 1 and var length])
            return null;
        Fact fact = LoweringContext.Fact(line);
        return fact is { DType: DType.Float32, Shape: { Rank: > 1 } shape } && shape[-1] >= 1 && shape[-1] * ((length / 2) + 1) <= LargestMatrix ? new SpectrumParts(g, line, (int)shape[-1], (int)length) : null;
    }

    /// <summary>The parts of the spectrum of lines of so many columns: those from the length on do not count.</summary>
    private readonly record struct SpectrumParts(LoweringContext Context, Value Line, int Columns, int Length)
    {
        public Value Real() => Product(double.CosPi);

        public Value Imaginary() => Product(double.SinPi);

        private Value Product(Func<double, double> wave)
        {
            int bins = (Length / 2) + 1;
            float[] waves = new float[Columns * bins];
            for (int n = 0; n < Math.Min(Columns, Length); n++)
            {
                for (int k = 0; k < bins; k++)
                    waves[(n * bins) + k] = (float)wave(-2.0 * ((long)n * k % Length) / Length);
            }

            return Context.Tf("BatchMatMulV2", Line, Context.Const(Tensor.Wrap(waves, new Shape(Columns, bins))));
        }
    }
}
