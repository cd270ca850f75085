using Decant.IR;
using Decant.Ops.Sampling;

namespace Decant.Tests.Ops.Sampling;

public sealed class SamplingTests
{
    private static readonly Tensor Seed = Tensor.Wrap([1, 2]);

    [Fact]
    public void Philox_gives_the_known_answers_of_its_authors()
    {
        // Random123's known-answer tests: counter and key of zeros, and of ones.
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], Words(0, 0, 0));
        Assert.Equal([0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu], Words(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
    }

    [Theory]
    [InlineData(0UL, 1000)]
    [InlineData(0xFFFF_FFF0UL, 400)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF0UL, 400)]
    public void Many_calls_at_once_give_the_words_of_one_after_another(ulong low, int calls)
    {
        var one = new Philox(0x1234_5678_9ABC_DEF0, low, 0xFFFF_FFFF_0000_0001);
        Philox all = one;
        uint[] expected = new uint[4 * calls], words = new uint[4 * calls];
        for (int i = 0; i < calls; i++)
            one.Next(expected.AsSpan(4 * i));
        PhiloxBlocks.Fill(ref all, words);
        Assert.Equal(expected, words);
        Assert.Equal((one.CounterLow, one.CounterHigh), (all.CounterLow, all.CounterHigh));
    }

    // The values of the example in TensorFlow's documentation of tf.random.split.
    [Fact]
    public void Stateless_ops_give_the_numbers_of_TensorFlow()
    {
        Tensor seeds = OneNode.Single("StatelessRandomUniformFullInt", new AttributeMap { { "dtype", DType.Int32 } }, Tensor.Wrap([3, 2]), Seed);
        Assert.Equal([1105988140, 1738052849, -335576002, 370444179, 10670227, -246211131], seeds.Span<int>().ToArray());
        Tensor normal = OneNode.Single("StatelessRandomNormal", new AttributeMap { { "dtype", DType.Float32 } }, Tensor.Wrap([3]), Tensor.Wrap([1105988140, 1738052849]));
        float[] expected = [-0.59835213f, -0.9578608f, 0.9002807f];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], normal.Span<float>()[i], 1e-6f);
    }

    [Fact]
    public void V2_ops_with_the_key_and_counter_of_a_seed_give_what_the_seed_gives()
    {
        Tensor[] state = OneNode.Run("StatelessRandomGetKeyCounter", [], [Seed], 2);
        Tensor direct = OneNode.Single("StatelessTruncatedNormal", new AttributeMap { { "dtype", DType.Float32 } }, Tensor.Wrap([100]), Seed);
        Tensor byState = OneNode.Single("StatelessTruncatedNormalV2", new AttributeMap { { "dtype", DType.Float32 } }, Tensor.Wrap([100]), state[0], state[1], Tensor.Scalar(1));
        Assert.Equal(direct.Span<float>().ToArray(), byState.Span<float>().ToArray());
        Assert.All(direct.Span<float>().ToArray(), x => Assert.InRange(x, -2f, 2f));
    }

    [Theory]
    [InlineData("RandomUniform", 0.5, 1.0 / 12)]
    [InlineData("RandomStandardNormal", 0, 1)]
    [InlineData("TruncatedNormal", 0, 0.7737)]
    public void A_distribution_has_its_mean_and_variance_in_every_type(string op, double mean, double variance)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Float16, DType.BFloat16])
        {
            double[] x = OneNode.Numbers(OneNode.Single(op, new AttributeMap { { "dtype", dtype }, { "seed", 5 }, { "seed2", 6 } }, Tensor.Wrap([200, 100])));
            double average = x.Average();
            Assert.Equal(mean, average, 0.03);
            Assert.Equal(variance, x.Average(v => (v - average) * (v - average)), 0.03);
        }
    }

    [Theory]
    [InlineData("RandomGamma", 0.5)]
    [InlineData("RandomGamma", 7)]
    [InlineData("RandomPoissonV2", 3)]
    [InlineData("RandomPoissonV2", 50)]
    public void Gamma_and_Poisson_have_equal_mean_and_variance(string op, double parameter)
    {
        AttributeMap attributes = op == "RandomGamma" ? new() { { "T", DType.Float64 }, { "seed", 1 } } : new() { { "R", DType.Float64 }, { "dtype", DType.Int64 }, { "seed", 1 } };
        double[] x = OneNode.Numbers(OneNode.Single(op, attributes, Tensor.Wrap([20000]), Tensor.Scalar(parameter)));
        double average = x.Average(), limit = 5 * parameter / Math.Sqrt(x.Length) * 3;
        Assert.Equal(parameter, average, limit);
        Assert.Equal(parameter, x.Average(v => (v - average) * (v - average)), Math.Max(limit, 0.1 * parameter));
    }

    [Fact]
    public void A_stateful_op_goes_on_from_run_to_run_and_starts_again_in_a_new_session()
    {
        float[][] runs = TwoRuns(new AttributeMap { { "dtype", DType.Float32 }, { "seed", 1 }, { "seed2", 2 } }, null);
        Assert.NotEqual(runs[0], runs[1]);
        Assert.Equal(runs, TwoRuns(new AttributeMap { { "dtype", DType.Float32 }, { "seed", 1 }, { "seed2", 2 } }, null));
    }

    [Fact]
    public void The_seed_of_a_session_serves_ops_that_have_none()
    {
        var unseeded = new AttributeMap { { "dtype", DType.Float32 } };
        var options = new SessionOptions { Seed = 42 };
        Assert.Equal(TwoRuns(unseeded, options), TwoRuns(unseeded, options));
        Assert.NotEqual(TwoRuns(unseeded, options)[0], TwoRuns(unseeded, new SessionOptions { Seed = 43 })[0]);
        Assert.NotEqual(TwoRuns(unseeded, null)[0], TwoRuns(unseeded, null)[0]);
    }

    [Fact]
    public void Integers_stay_in_their_range()
    {
        int[] x = OneNode.Single("RandomUniformInt", new AttributeMap { { "Tout", DType.Int32 }, { "seed", 3 } }, Tensor.Wrap([1000]), Tensor.Scalar(-5), Tensor.Scalar(5)).Span<int>().ToArray();
        Assert.Equal(Enumerable.Range(-5, 10), x.Distinct().Order());
        Assert.Contains("expected minval below maxval", OneNode.Fault("RandomUniformInt", new AttributeMap { { "Tout", DType.Int32 } }, Tensor.Wrap([1]), Tensor.Scalar(5), Tensor.Scalar(5)), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_follow_the_logits_and_a_shuffle_keeps_the_rows()
    {
        long[] drawn = OneNode.Single("Multinomial", new AttributeMap { { "T", DType.Float32 }, { "seed", 9 } }, Tensor.Wrap([0f, MathF.Log(3), float.NegativeInfinity], new Shape(1, 3)), Tensor.Scalar(4000)).Span<long>().ToArray();
        Assert.Equal(0.75, drawn.Average(), 0.03);
        int[] shuffled = OneNode.Single("RandomShuffle", new AttributeMap { { "T", DType.Int32 }, { "seed", 9 } }, Tensor.Wrap([.. Enumerable.Range(0, 50)], new Shape(25, 2))).Span<int>().ToArray();
        Assert.NotEqual(Enumerable.Range(0, 50), shuffled);
        Assert.Equal(Enumerable.Range(0, 50), shuffled.Order());
        Assert.All(Enumerable.Range(0, 25), i => Assert.Equal(shuffled[2 * i] + 1, shuffled[(2 * i) + 1]));
    }

    [Fact]
    public void Stateless_gamma_and_Poisson_numbers_have_the_whole_shape_and_are_those_of_the_key_and_counter()
    {
        Tensor shape = Tensor.Wrap([1000, 2]);
        Tensor alpha = Tensor.Wrap([0.5f, 4]);
        Tensor gamma = OneNode.Single("StatelessRandomGammaV2", new AttributeMap { { "dtype", DType.Float32 } }, shape, Seed, alpha);
        Tensor[] state = OneNode.Run("StatelessRandomGetKeyCounter", [], [Seed], 2);
        Tensor byState = OneNode.Single("StatelessRandomGammaV3", new AttributeMap { { "dtype", DType.Float32 } }, shape, state[0], state[1], Tensor.Scalar(1), alpha);
        Assert.Equal(gamma.Span<float>().ToArray(), byState.Span<float>().ToArray());
        double[] numbers = OneNode.Numbers(gamma);
        Assert.Equal(0.5, numbers.Where((_, i) => i % 2 == 0).Average(), 0.1);
        Assert.Equal(4, numbers.Where((_, i) => i % 2 == 1).Average(), 0.25);

        var types = new AttributeMap { { "dtype", DType.Int64 }, { "Rtype", DType.Float64 } };
        double[] poisson = OneNode.Numbers(OneNode.Single("StatelessRandomPoisson", types, shape, Seed, Tensor.Wrap([2d, 30])));
        Assert.Equal(2, poisson.Where((_, i) => i % 2 == 0).Average(), 0.2);
        Assert.Equal(30, poisson.Where((_, i) => i % 2 == 1).Average(), 0.8);
        Assert.Contains("expected one that ends in it", OneNode.Fault("StatelessRandomPoisson", types, Tensor.Wrap([3]), Seed, Tensor.Wrap([2d, 30])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_rate_below_ten_counts_the_uniform_numbers_of_its_own_part_of_the_sequence()
    {
        // The first call gives four uniform numbers, of which the last is taken first; number i begins 256 calls further.
        const float rate = 3;
        Tensor y = OneNode.Single("RandomPoisson", new AttributeMap { { "dtype", DType.Float32 }, { "seed", 7 }, { "seed2", 9 } }, Tensor.Wrap([5]), Tensor.Scalar(rate));
        for (int i = 0; i < 5; i++)
        {
            Philox generator = Philox.OfSeeds(7, 9).Skipped((ulong)i * 256);
            (float product, int count) = (1, -1);
            while (product > MathF.Exp(-rate))
            {
                uint[] words = new uint[4];
                generator.Next(words);
                for (int w = 3; w >= 0 && product > MathF.Exp(-rate); w--, count++)
                    product *= Variates.Float(words[w]);
            }

            Assert.Equal(count, y.Span<float>()[i]);
        }
    }

    [Fact]
    public void A_shape_that_cannot_be_is_a_located_error() =>
        Assert.Contains("node 'op' (RandomUniform)", OneNode.Fault("RandomUniform", new AttributeMap { { "dtype", DType.Float32 } }, Tensor.Wrap([-1, 2])), StringComparison.Ordinal);

    private static float[][] TwoRuns(AttributeMap attributes, SessionOptions? options)
    {
        using var model = new Model();
        Node shape = model.Graph.AddConst("shape", Tensor.Wrap([5]));
        model.Graph.Add("op", "RandomUniform", [shape], attributes);
        using var session = new Session(model, options ?? new SessionOptions());
        var none = new Dictionary<string, Tensor>();
        float[] first = session.Run(none, ["op:0"])["op:0"].Span<float>().ToArray();
        return [first, session.Run(none, ["op:0"])["op:0"].Span<float>().ToArray()];
    }

    private static uint[] Words(ulong key, ulong low, ulong high)
    {
        Tensor counter = Tensor.Wrap([low, high]);
        Tensor words = OneNode.Single("StatelessRandomUniformFullIntV2", new AttributeMap { { "dtype", DType.UInt32 } }, Tensor.Wrap([4]), Tensor.Wrap([key]), counter, Tensor.Scalar(1));
        return words.Span<uint>().ToArray();
    }
}
