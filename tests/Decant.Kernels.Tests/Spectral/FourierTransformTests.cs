using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Kernels.Spectral;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Spectral;

public sealed class FourierTransformTests
{
    /// <summary>Of the root of Σ|x|², to which the rounding errors of a sum of N products grow like the root of N.</summary>
    private const double Tolerance = 2e-15;

    /// <summary>Half a place of float32, of the largest result.</summary>
    private const double FloatTolerance = 1.2e-7;

    /// <summary>Powers of two; products of 2, 3, 5, 7, 11, 13 that 4 divides and does not; primes and twice them, whose convolutions have a power of two.</summary>
    public static TheoryData<int> Lengths => [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 28, 30, 32, 34, 36, 44, 52, 60, 64, 97, 100, 121, 128, 146, 240, 250, 256, 405, 441, 480, 512, 1024];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_transform_is_the_sum_that_defines_it_and_comes_back(int length) => Variants.EachWidth(width =>
    {
        const int Lines = 3;
        Complex[] x = Noise(length, Lines * length), y = new Complex[x.Length], back = new Complex[x.Length];
        var transform = new FourierTransform(length);
        transform.Rows<double, double>(Parts(x), Parts(y), Lines, inverse: false, WorkerPool.Inline);
        transform.Rows<double, double>(Parts(y), Parts(back), Lines, inverse: true, WorkerPool.Inline);
        for (int line = 0; line < Lines; line++)
            Near(Sums(x[(line * length)..((line + 1) * length)], length), y.AsSpan(line * length, length), Tolerance, $"{width}, line {line}");
        Near(x, back, Tolerance, $"{width}, and back");
    });

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Columns_are_transformed_as_rows_are_with_rows_cut_or_zeros_added(int length) => Variants.EachWidth(width =>
    {
        const int Step = 13, Columns = 11;
        foreach (int rows in new[] { 0, 1, (length + 1) / 2, length, length + 3 })
        {
            Complex[] x = Noise(rows, Math.Max(1, rows) * Step), y = new Complex[length * Columns], back = new Complex[length * Columns];
            var transform = new FourierTransform(length);
            transform.Columns<double, double>(Parts(x), Step, rows, Parts(y), Columns, Columns, inverse: false, WorkerPool.Inline);
            y.CopyTo(back, 0);
            transform.Columns<double, double>(Parts(back), Columns, length, Parts(back), Columns, Columns, inverse: true, WorkerPool.Inline);
            for (int column = 0; column < Columns; column++)
            {
                Complex[] line = [.. Enumerable.Range(0, length).Select(i => i < rows ? x[(i * Step) + column] : 0)];
                Near(Sums(line, length), [.. Enumerable.Range(0, length).Select(i => y[(i * Columns) + column])], Tolerance, $"{width}, {rows} rows, column {column}");
                Near(line, [.. Enumerable.Range(0, length).Select(i => back[(i * Columns) + column])], Tolerance, $"{width}, {rows} rows, column {column}, and back");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Real_lines_give_half_of_their_spectrum_and_come_back(int length) => Variants.EachWidth(width =>
    {
        const int Lines = 2;
        foreach (int columns in new[] { 0, 1, (length + 1) / 2, length, length + 3 }.Distinct())
        {
            Complex[] x = [.. Noise(columns, Lines * columns).Select(v => new Complex(v.Real, 0))];
            var transform = new RealFourierTransform(length);
            Complex[] y = new Complex[Lines * transform.Bins];
            double[] back = new double[Lines * length];
            transform.Forward<double, double>([.. x.Select(v => v.Real)], columns, Parts(y), Lines, WorkerPool.Inline);
            transform.Inverse<double, double>(Parts(y), transform.Bins, back, Lines, WorkerPool.Inline);
            for (int line = 0; line < Lines; line++)
            {
                Complex[] full = [.. Enumerable.Range(0, length).Select(i => i < columns ? x[(line * columns) + i] : 0)];
                Near(Sums(full, length)[..transform.Bins], y.AsSpan(line * transform.Bins, transform.Bins), Tolerance, $"{width}, {columns} columns, line {line}");
                Near(full, [.. back.Skip(line * length).Take(length).Select(v => new Complex(v, 0))], Tolerance, $"{width}, {columns} columns, line {line}, and back");
            }
        }
    });

    /// <summary>The spectrum of real numbers is that of a complex one whose missing half is the conjugate: what is imaginary in it is left out.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Spectra_that_no_real_line_has_give_the_real_part_of_their_transform(int length) => Variants.EachWidth(width =>
    {
        var transform = new RealFourierTransform(length);
        foreach (int columns in new[] { 1, (transform.Bins + 1) / 2, transform.Bins, transform.Bins + 2 }.Distinct())
        {
            Complex[] x = Noise(columns, columns);
            double[] y = new double[length];
            transform.Inverse<double, double>(Parts(x), columns, y, 1, WorkerPool.Inline);
            Complex[] full = new Complex[length];
            for (int k = 0; k < length; k++)
                full[k] = k < transform.Bins ? (k < columns ? x[k] : 0) : Complex.Conjugate(full[length - k]);
            Complex[] expected = [.. Sums([.. full.Select(Complex.Conjugate)], length).Select(v => new Complex(v.Real / length, 0))];
            Near(expected, [.. y.Select(v => new Complex(v, 0))], Tolerance, $"{width}, {columns} columns");
        }
    });

    [Theory]
    [InlineData(12)]
    [InlineData(512)]
    [InlineData(441)]
    [InlineData(97)]
    public void Floats_are_transformed_in_doubles_and_rounded(int length) => Variants.EachWidth(width =>
    {
        float[] x = Seeded.Floats(length, length);
        var real = new RealFourierTransform(length);
        float[] y = new float[2 * real.Bins], back = new float[length];
        real.Forward<float, float>(x, length, y, 1, WorkerPool.Inline);
        real.Inverse<float, float>(y, real.Bins, back, 1, WorkerPool.Inline);
        Complex[] sums = Sums([.. x.Select(v => new Complex(v, 0))], length);
        for (int k = 0; k < real.Bins; k++)
            Assert.Equal(((float)sums[k].Real, (float)sums[k].Imaginary), (y[2 * k], y[(2 * k) + 1]), (a, b) => Math.Abs(a.Item1 - b.Item1) <= FloatTolerance * Math.Abs(a.Item1) + 1e-13 && Math.Abs(a.Item2 - b.Item2) <= FloatTolerance * Math.Abs(a.Item2) + 1e-13);
        Close.To(Seeded.Widen(x), back, 2 * FloatTolerance, $"{width}, and back");
    });

    /// <summary>Lines end in registers that lap over others, and lanes are numbers of their own: each width gives the bits of single numbers.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_width_gives_the_same_bits(int length)
    {
        Complex[] x = Noise(length, 5 * length);
        double[]? first = null;
        Variants.EachWidth(width =>
        {
            Complex[] y = new Complex[x.Length], z = new Complex[x.Length];
            var transform = new FourierTransform(length);
            transform.Rows<double, double>(Parts(x), Parts(y), 5, inverse: true, WorkerPool.Inline);
            transform.Columns<double, double>(Parts(x), 5, length, Parts(z), 5, 5, inverse: false, WorkerPool.Inline);
            var real = new RealFourierTransform(length);
            double[] bins = new double[10 * real.Bins];
            real.Forward<double, double>(Parts(x)[..(5 * length)], length, bins, 5, WorkerPool.Inline);
            double[] all = [.. Parts(y), .. Parts(z), .. bins];
            Assert.Equal(first ??= all, all);
        });
    }

    /// <summary>Where the processor lacks 512 bits, these are made of narrower ones by the runtime: slow, but the same lanes.</summary>
    [VariantFact("lanes", "v256")]
    [Trait("Instructions", "avx2")]
    public void Registers_of_512_bits_give_the_bits_of_single_numbers() => Assert.All([8, 16, 60, 97, 441, 512], length =>
    {
        float[] Forward(string width)
        {
            float[] x = Seeded.Floats(length, 9 * length), y = new float[x.Length + 18], columns = new float[18 * length];
            Variants.Width(width, () =>
            {
                new RealFourierTransform(length).Forward<float, float>(x, length, y, 9, WorkerPool.Inline);
                new FourierTransform(length).Columns<float, float>(x, 4, length, columns, 9, 4, inverse: true, WorkerPool.Inline);
            });
            return [.. y, .. columns];
        }

        Close.Identical(Forward("scalar"), Forward("v512"), $"length {length}");
    });

    [Theory]
    [InlineData(512)]
    [InlineData(441)]
    [InlineData(97)]
    public void Results_do_not_depend_on_the_number_of_threads(int length) => Variants.SameOnAnyThreads(
        pool =>
        {
            const int Lines = 96;
            float[] x = Seeded.Floats(length, Lines * length);
            var real = new RealFourierTransform(length);
            float[] y = new float[2 * Lines * real.Bins], back = new float[Lines * length];
            real.Forward<float, float>(x, length, y, Lines, pool);
            real.Inverse<float, float>(y, real.Bins, back, Lines, pool);
            float[] columns = new float[2 * length * (Lines / 2)];
            new FourierTransform(length).Columns<float, float>(x, Lines / 2, length, columns, Lines / 2, Lines / 2, inverse: false, pool);
            return [.. y, .. back, .. columns];
        },
        $"length {length}");

    [Fact]
    public void Long_columns_are_transformed_one_by_one_as_rows_are()
    {
        const int Length = 1 << 17, Columns = 3;
        float[] x = Seeded.Floats(17, 2L * Length * Columns), turned = new float[x.Length], rows = new float[x.Length], columns = new float[x.Length];
        for (int i = 0; i < Length * Columns; i++)
            (turned[2 * i], turned[(2 * i) + 1]) = (x[2 * ((i % Length * Columns) + (i / Length))], x[(2 * ((i % Length * Columns) + (i / Length))) + 1]);
        var transform = new FourierTransform(Length);
        transform.Rows<float, float>(turned, rows, Columns, inverse: false, WorkerPool.Inline);
        transform.Columns<float, float>(x, Columns, Length, columns, Columns, Columns, inverse: false, WorkerPool.Shared);
        for (int i = 0; i < Length * Columns; i++)
            Assert.Equal((rows[2 * i], rows[(2 * i) + 1]), (columns[2 * ((i % Length * Columns) + (i / Length))], columns[(2 * ((i % Length * Columns) + (i / Length))) + 1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1 << 28) + 1)]
    public void A_length_that_is_none_is_refused(int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierTransform(length));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFourierTransform(length));
    }

    [Fact]
    public void Spans_that_are_too_short_are_refused()
    {
        var transform = new FourierTransform(8);
        var real = new RealFourierTransform(8);
        Assert.Throws<ArgumentException>(() => transform.Rows<double, double>(new double[31], new double[32], 2, false, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => transform.Rows<double, double>(new double[32], new double[31], 2, false, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => transform.Columns<double, double>(new double[31], 2, 8, new double[32], 2, 2, false, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => transform.Columns<double, double>(new double[32], 2, 8, new double[31], 2, 2, false, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => real.Forward<float, float>(new float[15], 8, new float[20], 2, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => real.Forward<float, float>(new float[16], 8, new float[19], 2, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => real.Inverse<float, float>(new float[19], 5, new float[16], 2, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => real.Inverse<float, float>(new float[20], 5, new float[15], 2, WorkerPool.Inline));
    }

    private static Complex[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1))];
    }

    private static Span<double> Parts(Complex[] values) => MemoryMarshal.Cast<Complex, double>(values.AsSpan());

    /// <summary>Σ x[n]·e^(-2πi·kn/N), term by term, of roots from exact angles.</summary>
    private static Complex[] Sums(Complex[] x, int length)
    {
        Complex[] roots = [.. Enumerable.Range(0, length).Select(k => new Complex(double.CosPi(2.0 * k / length), -double.SinPi(2.0 * k / length)))];
        return [.. Enumerable.Range(0, length).Select(k => x.Select((v, n) => v * roots[(int)((long)k * n % length)]).Aggregate(Complex.Zero, (a, b) => a + b))];
    }

    private static void Near(ReadOnlySpan<Complex> expected, ReadOnlySpan<Complex> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double squares = 0, largest = 0;
        for (int i = 0; i < expected.Length; i++)
            (squares, largest) = (squares + (expected[i] * Complex.Conjugate(expected[i])).Real, Math.Max(largest, Complex.Abs(expected[i] - actual[i])));
        Assert.True(largest <= tolerance * Math.Sqrt(squares), $"{what}: off by {largest / Math.Sqrt(squares):g3} of the root of the sum of squares");
    }
}
