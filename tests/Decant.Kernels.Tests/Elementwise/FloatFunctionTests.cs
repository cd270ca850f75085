using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Elementwise;

public sealed class FloatFunctionTests
{
    /// <summary>ln of the largest float32.</summary>
    private const double LargestExponent = 88.72283905206835;

    private static readonly float[] Sweep = BuildSweep();

    public static TheoryData<string, double> Functions => new()
    {
        { "exp", 1 }, { "expm1", 2 }, { "log", 1 }, { "log1p", 2 }, { "tanh", 3 }, { "sigmoid", 3 }, { "softplus", 3 }, { "erf", 2 }, { "sqrt", 0.5 }, { "rsqrt", 1.5 },
        { "sin", 2 }, { "cos", 2 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_stays_within_its_bound_over_all_binades(string name, double bound)
    {
        float[] y = Apply(name, Sweep);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < Sweep.Length; i++)
        {
            double error = Close.Ulps(Exact(name, Sweep[i]), y[i]);
            if (error > worst)
                (worst, at) = (error, Sweep[i]);
        }

        Assert.True(worst <= bound, $"{name}({at:R}) is off by {worst:f2} ulp");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_result_does_not_depend_on_width_or_position(string name, double bound)
    {
        _ = bound;
        float[] whole = Apply(name, Sweep);
        Variants.EachWidth(width => Close.Identical(whole, Apply(name, Sweep), $"{name} {width}"));
        for (int length = 0; length < 70; length++)
            Close.Identical(whole.AsSpan(500, length), Apply(name, Sweep.AsSpan(500, length).ToArray()), $"{name} length {length}");
    }

    [Fact]
    public void Sines_of_zeros_keep_their_sign_and_those_of_infinities_are_no_numbers()
    {
        float[] y = Apply("sin", [0f, -0f, float.PositiveInfinity, float.NegativeInfinity]);
        Assert.Equal((0u, 0x80000000u), (BitConverter.SingleToUInt32Bits(y[0]), BitConverter.SingleToUInt32Bits(y[1])));
        Assert.True(float.IsNaN(y[2]) && float.IsNaN(y[3]));
    }

    [Fact]
    public void Powers_stay_within_their_bound_at_every_width_and_position()
    {
        Random random = new(9);
        float[] a = [.. Sweep], b = [.. Sweep.Select((x, i) => i % 7 == 0 ? random.Next(-20, 20) : Exponent(x, random))], whole = Powers(a, b);
        double worst = 0;
        string at = "";
        for (int i = 0; i < a.Length; i++)
        {
            double exact = b[i] == 2 ? a[i] * a[i] : Math.Pow(a[i], b[i]), error = Close.Ulps(exact, whole[i]);
            if (error > worst)
                (worst, at) = (error, $"{a[i]:R}^{b[i]:R} is {whole[i]:R}, exactly {exact:R}");
        }

        Assert.True(worst <= 2, $"{at}: {worst:f2} ulp");
        Variants.EachWidth(width => Close.Identical(whole, Powers(a, b), width));
        for (int length = 0; length < 70; length++)
            Close.Identical(whole.AsSpan(500, length), Powers(a.AsSpan(500, length).ToArray(), b.AsSpan(500, length).ToArray()), $"length {length}");
    }

    [Fact]
    public void Powers_of_what_is_no_plain_number_are_those_of_the_runtime()
    {
        float[] special = [0f, -0f, 1f, -1f, 2f, -2f, 0.5f, 3f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, 1e7f];
        float[] a = [.. special.SelectMany(x => Enumerable.Repeat(x, special.Length))], b = [.. special.SelectMany(_ => special)];
        Close.Identical([.. a.Zip(b, (x, y) => y == 2 ? x * x : MathF.Pow(x, y))], Powers(a, b), "special");
    }

    [Fact]
    public void Reciprocal_roots_of_two_binades_are_rounded_twice() => Variants.EachWidth(width =>
    {
        // Every root there is: its mantissa depends on x's and on whether the exponent is odd. The ends of what is refined, too.
        const int Block = 1 << 16;
        float[] x = new float[Block], y = new float[Block];
        foreach ((uint first, uint end) in (ReadOnlySpan<(uint, uint)>)[(0x3F800000, 0x40800000), (0x0D7F0000, 0x0D810000), (0x717F0000, 0x71810000), (0, Block), (0x7F7F0000, 0x7F810000)])
        {
            for (uint start = first; start < end; start += Block)
            {
                for (int i = 0; i < Block; i++)
                    x[i] = BitConverter.UInt32BitsToSingle(start + (uint)i);
                Unary.Run<float, RsqrtOperator<float>>(x, y, WorkerPool.Inline);
                for (int i = 0; i < Block; i++)
                {
                    if (!(1 / MathF.Sqrt(x[i])).Equals(y[i]))
                        Assert.Fail($"{width}: 1/√{x[i]:R} is {y[i]:R}");
                }
            }
        }
    });

    [Fact]
    public void Tanh_is_right_near_zero()
    {
        float[] y = Apply("tanh", [0f, -0f, 1e-4f, -1e-4f, 1e-40f, 50f, -50f]);
        Assert.Equal(0f, y[0]);
        Assert.True(float.IsNegative(y[1]) && y[1] == 0);
        Assert.Equal(1e-4f, y[2], 1e-11f);
        Assert.Equal(-y[2], y[3]);
        Assert.Equal(1e-40f, y[4]);
        Assert.Equal(1f, y[5]);
        Assert.Equal(-1f, y[6]);
    }

    [Fact]
    public void Special_functions_match_known_values()
    {
        double[] Run<TOp>(params double[] x) where TOp : struct, IUnaryOperator<double>
        {
            double[] y = new double[x.Length];
            Unary.Run<double, TOp>(x, y, WorkerPool.Inline);
            return y;
        }

        double[] erfc = Run<ErfcOperator<double>>(0, 1, 2, 5, -1);
        Assert.Equal(1, erfc[0], 1e-15);
        Assert.Equal(0.15729920705028513, erfc[1], 1e-15);
        Assert.Equal(0.004677734981047266, erfc[2], 1e-16);
        Assert.Equal(1.5374597944280349e-12, erfc[3], 1e-25);
        Assert.Equal(1.8427007929497148, erfc[4], 1e-14);
        double[] lgamma = Run<LgammaOperator<double>>(0.5, 1, 2, 10, -0.5, 100);
        Assert.Equal(0.5723649429247001, lgamma[0], 1e-13);
        Assert.Equal(0, lgamma[1]);
        Assert.Equal(0, lgamma[2]);
        Assert.Equal(12.801827480081469, lgamma[3], 1e-13);
        Assert.Equal(1.2655121234846454, lgamma[4], 1e-13);
        Assert.Equal(359.1342053695754, lgamma[5], 1e-11);
        double[] digamma = Run<DigammaOperator<double>>(1, 0.5, 10, -0.5);
        Assert.Equal(-0.5772156649015329, digamma[0], 1e-13);
        Assert.Equal(-1.9635100260214235, digamma[1], 1e-13);
        Assert.Equal(2.2517525890667211, digamma[2], 1e-13);
        Assert.Equal(0.03648997397857652, digamma[3], 1e-13);
    }

    private static float[] Powers(float[] a, float[] b)
    {
        float[] y = new float[a.Length];
        Binary.Run(a, b, y, default(PowerOperator<float>), WorkerPool.Inline);
        return y;
    }

    /// <summary>An exponent that takes |x| to somewhere among the floats, now and then beyond them.</summary>
    private static float Exponent(float x, Random random)
    {
        double log = Math.Log2(Math.Abs(x));
        return (float)(double.IsFinite(log) && log != 0 ? ((random.NextDouble() * 290) - 150) / log : random.NextDouble());
    }

    private static float[] BuildSweep()
    {
        List<float> values = [0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 88.72284f, 88.73f, -87.4f, -103.9f, -104.1f];
        Random random = new(7);
        for (int exponent = -149; exponent <= 127; exponent++)
        {
            for (int i = 0; i < 40; i++)
            {
                float v = (float)Math.ScaleB(1 + random.NextDouble(), exponent);
                values.Add(i % 2 == 0 ? v : -v);
            }
        }

        for (int i = 0; i < 20000; i++)
            values.Add((float)((random.NextDouble() * 220) - 110));
        for (int i = 0; i < 20000; i++)
            values.Add((float)((random.NextDouble() * 8) - 4));
        // Beside multiples of π/4, up to where they are no longer reduced in float32.
        for (int i = 1; i < 200000; i += 1 + (i / 100))
        {
            float near = (float)(i * Math.PI / 4);
            values.AddRange([near, MathF.BitIncrement(near), -MathF.BitDecrement(near)]);
        }

        return [.. values];
    }

    private static float[] Apply(string name, float[] x)
    {
        float[] y = new float[x.Length];
        switch (name)
        {
            case "exp": Unary.Run<float, ExpOperator<float>>(x, y, WorkerPool.Inline); break;
            case "expm1": Unary.Run<float, Expm1Operator<float>>(x, y, WorkerPool.Inline); break;
            case "log": Unary.Run<float, LogOperator<float>>(x, y, WorkerPool.Inline); break;
            case "log1p": Unary.Run<float, Log1pOperator<float>>(x, y, WorkerPool.Inline); break;
            case "tanh": Unary.Run<float, TanhOperator<float>>(x, y, WorkerPool.Inline); break;
            case "sigmoid": Unary.Run<float, SigmoidOperator<float>>(x, y, WorkerPool.Inline); break;
            case "softplus": Unary.Run<float, SoftplusOperator<float>>(x, y, WorkerPool.Inline); break;
            case "erf": Unary.Run<float, ErfOperator<float>>(x, y, WorkerPool.Inline); break;
            case "sqrt": Unary.Run<float, SqrtOperator<float>>(x, y, WorkerPool.Inline); break;
            case "rsqrt": Unary.Run<float, RsqrtOperator<float>>(x, y, WorkerPool.Inline); break;
            case "sin": Unary.Run<float, SinOperator<float>>(x, y, WorkerPool.Inline); break;
            case "cos": Unary.Run<float, CosOperator<float>>(x, y, WorkerPool.Inline); break;
            default: throw new ArgumentOutOfRangeException(nameof(name));
        }

        return y;
    }

    private static double Exact(string name, double x) => name switch
    {
        "exp" => Math.Exp(x),
        "expm1" => Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Abs(x) < 0.5 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1,
        "log" => Math.Log(x),
        "log1p" => Log1p(x),
        "tanh" => Math.Tanh(x),
        "sigmoid" => x < -LargestExponent ? 0 : x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
        "softplus" => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))),
        "erf" => ErfExact(x),
        "sqrt" => Math.Sqrt(x),
        "rsqrt" => 1 / Math.Sqrt(x),
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static double Log1p(double x)
    {
        if (Math.Abs(x) < 1e-4)
            return x - (x * x / 2) + (x * x * x / 3) - (x * x * x * x / 4);
        double u = 1 + x;
        return double.IsInfinity(u) || u == 0 ? Math.Log(u) : Math.Log(u) + ((x - (u - 1)) / u);
    }

    /// <summary>Simpson's rule on 2/√π e^-t², 4000 steps: 1e-15 on [0, 6].</summary>
    private static double ErfExact(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) > 6)
            return double.IsNaN(x) ? x : Math.Sign(x);
        if (Math.Abs(x) < 1e-3)
            return 1.1283791670955126 * (x - (x * x * x / 3));
        const int Steps = 400;
        double h = x / Steps, sum = 1 + Math.Exp(-x * x);
        for (int i = 1; i < Steps; i++)
            sum += (i % 2 == 0 ? 2 : 4) * Math.Exp(-(i * h) * (i * h));
        return 1.1283791670955126 * sum * h / 3;
    }
}
