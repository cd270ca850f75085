using System.Numerics;
using Decant.IR;

namespace Decant.Tests.Ops.Arithmetic;

public sealed class ArithmeticTests
{
    public static TheoryData<string, double[], double[], double[]> IntegerPairs => new()
    {
        { "FloorDiv", [7, -7, 7, -7, int.MinValue], [2, 2, -2, -2, -1], [3, -4, -4, 3, int.MinValue] },
        { "FloorMod", [7, -7, 7, -7, int.MinValue], [2, 2, -2, -2, -1], [1, 1, -1, -1, 0] },
        { "TruncateDiv", [7, -7, 7, -7], [2, 2, -2, -2], [3, -3, -3, 3] },
        { "Div", [7, -7, 7, -7], [2, 2, -2, -2], [3, -3, -3, 3] },
        { "TruncateMod", [7, -7, 7, -7], [2, 2, -2, -2], [1, -1, 1, -1] },
        { "Pow", [2, -3, 5, 0], [10, 3, 0, 0], [1024, -27, 1, 1] },
        { "LeftShift", [1, 1, -1, 1], [4, 31, 1, 99], [16, int.MinValue, -2, int.MinValue] },
        { "RightShift", [-8, 16, -1], [1, 2, 40], [-4, 4, -1] },
        { "BitwiseXor", [6, -1], [3, 1], [5, -2] },
        { "SquaredDifference", [5, -5], [2, 2], [9, 49] },
    };

    [Theory]
    [MemberData(nameof(IntegerPairs))]
    public void Integers_divide_shift_and_wrap_as_in_TensorFlow(string op, double[] a, double[] b, double[] expected)
    {
        Tensor Ints(double[] values) => Tensor.Wrap(Array.ConvertAll(values, v => (int)v));
        Assert.Equal(expected, OneNode.Numbers(OneNode.Single(op, new AttributeMap { { "T", DType.Int32 } }, Ints(a), Ints(b))));
    }

    public static TheoryData<string, double, double> Values => new()
    {
        { "Round", 0.5, 0 }, { "Round", 1.5, 2 }, { "Round", -2.5, -2 }, { "Rint", 2.5, 2 }, { "Sign", -3, -1 },
        { "Erf", 0.5, 0.5204998778130465 }, { "Erfc", 3, 2.209049699858544e-5 }, { "Erfinv", 0.5, 0.4769362762044699 }, { "Erfinv", 0.999, 2.326753765513525 },
        { "Lgamma", 0.5, 0.5723649429247001 }, { "Digamma", 1, -0.5772156649015329 }, { "Ndtri", 0.975, 1.959963984540054 }, { "Ndtri", 1e-10, -6.361340902404056 },
        { "BesselI0", 1, 1.2660658777520084 }, { "BesselI1", 1, 0.5651591039924851 }, { "BesselI0e", 50, 0.05656162664745193 },
        { "BesselK0", 1, 0.42102443824070834 }, { "BesselK1", 1, 0.6019072301972346 }, { "BesselJ0", 1, 0.7651976865579666 }, { "BesselJ1", 1, 0.4400505857449335 },
        { "BesselJ0", 50, 0.05581232766925181 }, { "BesselY0", 1, 0.08825696421567697 }, { "BesselY1", 1, -0.7812128213002887 }, { "BesselY1", 50, -0.05679566856201477 },
        { "Dawsn", 1, 0.5380795069127684 }, { "Expint", 1, 1.8951178163559368 }, { "Expint", 50, 1.0585636897131690e20 },
        { "FresnelSin", 1, 0.4382591473903548 }, { "FresnelCos", 1, 0.7798934003768228 }, { "FresnelCos", 2, 0.4882534060753408 }, { "Spence", 0.5, 0.5822405264650125 }, { "Spence", 3, -1.4367463668836810 },
        { "Softsign", -3, -0.75 }, { "Rsqrt", 4, 0.5 }, { "Reciprocal", 4, 0.25 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_function_gives_its_value_in_float64(string op, double x, double expected)
    {
        double actual = OneNode.Single(op, new AttributeMap { { "T", DType.Float64 } }, Tensor.Scalar(x)).Span<double>()[0];
        Assert.True(Math.Abs(actual - expected) <= 1e-13 * Math.Max(1e-3, Math.Abs(expected)), $"{op}({x}) is {actual:R}, expected {expected:R}");
    }

    public static TheoryData<string, double, double, double> PairValues => new()
    {
        { "Igamma", 2, 1, 0.2642411176571153 }, { "Igammac", 2, 5, 0.04042768199451279 }, { "Zeta", 2, 1, 1.6449340668482264 }, { "Zeta", 3, 0.5, 8.414398322117159 },
        { "Polygamma", 1, 1, 1.6449340668482264 }, { "Polygamma", 2, 2, -0.4041138063191886 }, { "Xlogy", 0, 0, 0 }, { "Xdivy", 0, 0, 0 }, { "Xlog1py", 2, 1, 1.3862943611198906 },
        { "DivNoNan", 3, 0, 0 }, { "MulNoNan", double.PositiveInfinity, 0, 0 }, { "FloorMod", -7.5, 2, 0.5 }, { "Mod", -7.5, 2, -1.5 }, { "TruncateDiv", -7.5, 2, -3 },
        { "FloorDiv", -7.5, 2, -4 }, { "NextAfter", 1, 2, 1.0000000000000002 }, { "Maximum", double.NaN, 1, double.NaN }, { "Minimum", 1, double.NaN, double.NaN },
        { "TanhGrad", 0.5, 2, 1.5 }, { "SigmoidGrad", 0.5, 2, 0.5 }, { "ReluGrad", 2, 0, 0 }, { "Relu6Grad", 2, 6, 0 }, { "EluGrad", 2, -0.5, 1 }, { "SqrtGrad", 2, 3, 0.75 },
    };

    [Theory]
    [MemberData(nameof(PairValues))]
    public void A_function_of_two_gives_its_value_in_float64(string op, double a, double b, double expected)
    {
        double actual = OneNode.Single(op, new AttributeMap { { "T", DType.Float64 } }, Tensor.Scalar(a), Tensor.Scalar(b)).Span<double>()[0];
        Assert.True(actual.Equals(expected) || Math.Abs(actual - expected) <= 1e-13 * Math.Abs(expected), $"{op}({a}, {b}) is {actual:R}, expected {expected:R}");
    }

    [Fact]
    public void The_incomplete_beta_function_broadcasts_scalars() =>
        Assert.Equal(0.6875, OneNode.Single("Betainc", new AttributeMap { { "T", DType.Float64 } }, Tensor.Scalar(2.0), Tensor.Scalar(3.0), Tensor.Wrap([0.5])).Span<double>()[0], 14);

    [Fact]
    public void Narrow_floats_round_once()
    {
        Tensor half = OneNode.Single("Mul", new AttributeMap { { "T", DType.Float16 } }, Tensor.Wrap([(Half)3.001f]), Tensor.Wrap([(Half)1.1f]));
        Assert.Equal((Half)((float)(Half)3.001f * (float)(Half)1.1f), half.Span<Half>()[0]);
        Tensor brain = OneNode.Single("Exp", new AttributeMap { { "T", DType.BFloat16 } }, Tensor.Wrap([(BFloat16)1f]));
        Assert.Equal((BFloat16)MathF.E, brain.Span<BFloat16>()[0]);
    }

    [Fact]
    public void Complex_numbers_add_broadcast_and_multiply()
    {
        Tensor product = OneNode.Single("Mul", new AttributeMap { { "T", DType.Complex64 } }, Tensor.Wrap([new Complex64(1, 2), new Complex64(0, 1)]), Tensor.Scalar(new Complex64(3, -1)));
        Assert.Equal([new Complex64(5, 5), new Complex64(1, 3)], product.Span<Complex64>().ToArray());
        Tensor root = OneNode.Single("Sqrt", new AttributeMap { { "T", DType.Complex128 } }, Tensor.Wrap([new Complex(-4, 0)]));
        Assert.Equal(2, root.Span<Complex>()[0].Imaginary, 14);
        Assert.Equal(5f, OneNode.Single("ComplexAbs", new AttributeMap { { "T", DType.Complex64 }, { "Tout", DType.Float32 } }, Tensor.Scalar(new Complex64(3, 4))).Span<float>()[0]);
    }

    [Fact]
    public void Rank_8_inputs_broadcast()
    {
        Tensor sum = OneNode.Single("AddV2", new AttributeMap { { "T", DType.Int64 } },
            Tensor.Wrap([0L, 10, 20], new Shape(1, 3, 1, 1, 1, 1, 1, 1)), Tensor.Wrap([1L, 2], new Shape(2, 1, 1, 1)));
        Assert.Equal(new Shape(1, 3, 1, 1, 2, 1, 1, 1), sum.Shape);
        Assert.Equal([1L, 2, 11, 12, 21, 22], sum.Span<long>().ToArray());
    }

    [Fact]
    public void Strings_add_by_concatenation() =>
        Assert.Equal("ab", System.Text.Encoding.UTF8.GetString(OneNode.Single("Add", new AttributeMap { { "T", DType.String } }, Tensor.FromStrings(["a"]), Tensor.FromStrings(["b"])).Strings[0].Span));

    [Theory]
    [InlineData("FloorDiv", 0, "divides an integer by zero")]
    [InlineData("Mod", 0, "divides an integer by zero")]
    [InlineData("Pow", -1, "raises an integer to the power -1, expected a power of 0 or more")]
    public void An_integer_that_has_no_result_is_a_located_error(string op, int right, string message) =>
        Assert.Contains($"node 'op' ({op}): {message}", OneNode.Fault(op, new AttributeMap { { "T", DType.Int32 } }, Tensor.Wrap([1, 2]), Tensor.Scalar(right)), StringComparison.Ordinal);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_a_located_error() =>
        Assert.Contains("has inputs of shapes [2] and [3]", OneNode.Fault("Sub", new AttributeMap { { "T", DType.Float32 } }, Tensor.Wrap([1f, 2]), Tensor.Wrap([1f, 2, 3])), StringComparison.Ordinal);

    [Fact]
    public void Unequal_shapes_are_unequal_when_that_is_no_error() =>
        Assert.True(OneNode.Single("NotEqual", new AttributeMap { { "T", DType.Int32 }, { "incompatible_shape_error", false } }, Tensor.Wrap([1, 2]), Tensor.Wrap([1, 2, 3])).Span<bool>()[0]);

    [Fact]
    public void Inference_knows_what_follows_from_partly_known_shapes()
    {
        Fact Float(params long[] dims) => new(DType.Float32, new Shape(dims));
        var attributes = new AttributeMap { { "T", DType.Float32 } };
        Assert.Equal(new Shape(-1, 5, 3), OneNode.Infer("Mul", attributes, Float(-1, 1, 3), Float(5, 3))[0].Shape);
        Assert.Equal(new Shape(7), OneNode.Infer("Mul", attributes, Float(-1), Float(7))[0].Shape);
        Assert.Equal(Shape.Unknown, OneNode.Infer("Mul", attributes, new Fact(DType.Float32, Shape.Unknown), Float(7))[0].Shape);
        Assert.Throws<ModelException>(() => OneNode.Infer("Mul", attributes, Float(2), Float(7)));
    }

    [Fact]
    public void The_gradient_of_fake_quantization_passes_within_the_range_and_sums_up_outside()
    {
        // The range -0.1 to 25.4 has the step 0.1, so that 0 is a level and nothing is nudged.
        Tensor x = Tensor.Wrap([-1f, 0, 25, 30, 26, -2], new Shape(3, 2)), dy = Tensor.Wrap([1f, 2, 4, 8, 16, 32], new Shape(3, 2));
        Tensor[] y = OneNode.Run("FakeQuantWithMinMaxVarsGradient", [], [dy, x, Tensor.Scalar(-0.1f), Tensor.Scalar(25.4f)], 3);
        Assert.Equal([0d, 2, 4, 0, 0, 0], OneNode.Numbers(y[0]));
        Assert.Equal([33, 24], [OneNode.Numbers(y[1])[0], OneNode.Numbers(y[2])[0]]);

        Tensor[] perChannel = OneNode.Run("FakeQuantWithMinMaxVarsPerChannelGradient", [], [dy, x, Tensor.Wrap([-0.1f, 0]), Tensor.Wrap([25.4f, 0])], 3);
        Assert.Equal([0d, 2, 4, 8, 0, 32], OneNode.Numbers(perChannel[0]));
        Assert.Equal([1d, 0], OneNode.Numbers(perChannel[1]));
        Assert.Equal([16d, 0], OneNode.Numbers(perChannel[2]));

        var range = new AttributeMap { { "min", -0.1f }, { "max", 25.4f } };
        Assert.Equal([0d, 2, 4, 0, 0, 0], OneNode.Numbers(OneNode.Single("FakeQuantWithMinMaxArgsGradient", range, dy, x)));
        Assert.Contains("expected 2 each", OneNode.Fault("FakeQuantWithMinMaxVarsPerChannelGradient", [], dy, x, Tensor.Wrap([0f]), Tensor.Wrap([1f])), StringComparison.Ordinal);
    }
}
