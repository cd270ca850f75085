namespace Decant.Ops.Sampling;

/// <summary>The ops that draw random numbers.</summary>
internal static class SamplingOps
{
    public static IEnumerable<Op> All =>
    [
        new Multinomial("Multinomial", RandomSource.Stateful),
        new ParameterizedTruncatedNormal(),
        new RandomGamma("RandomGamma", RandomSource.Stateful, poisson: false),
        new RandomGamma("RandomPoisson", RandomSource.Stateful, poisson: true),
        new RandomGamma("RandomPoissonV2", RandomSource.Stateful, poisson: true),
        new RandomShuffle(),
        new RandomFloats("RandomStandardNormal", RandomSource.Stateful, Distribution.Normal),
        new RandomFloats("RandomUniform", RandomSource.Stateful, Distribution.Uniform),
        new RandomIntegers("RandomUniformInt", RandomSource.Stateful, full: false),
        new Multinomial("StatelessMultinomial", RandomSource.Seeds),
        new RandomGamma("StatelessRandomGammaV2", RandomSource.Seeds, poisson: false),
        new RandomGamma("StatelessRandomGammaV3", RandomSource.KeyCounter, poisson: false),
        new StatelessKeys("StatelessRandomGetAlg", key: false, algorithm: true),
        new StatelessKeys("StatelessRandomGetKeyCounter", key: true, algorithm: false),
        new StatelessKeys("StatelessRandomGetKeyCounterAlg", key: true, algorithm: true),
        new RandomFloats("StatelessRandomNormal", RandomSource.Seeds, Distribution.Normal),
        new RandomFloats("StatelessRandomNormalV2", RandomSource.KeyCounter, Distribution.Normal),
        new RandomGamma("StatelessRandomPoisson", RandomSource.Seeds, poisson: true),
        new RandomFloats("StatelessRandomUniform", RandomSource.Seeds, Distribution.Uniform),
        new RandomIntegers("StatelessRandomUniformFullInt", RandomSource.Seeds, full: true),
        new RandomIntegers("StatelessRandomUniformFullIntV2", RandomSource.KeyCounter, full: true),
        new RandomIntegers("StatelessRandomUniformInt", RandomSource.Seeds, full: false),
        new RandomIntegers("StatelessRandomUniformIntV2", RandomSource.KeyCounter, full: false),
        new RandomFloats("StatelessRandomUniformV2", RandomSource.KeyCounter, Distribution.Uniform),
        new RandomFloats("StatelessTruncatedNormal", RandomSource.Seeds, Distribution.TruncatedNormal),
        new RandomFloats("StatelessTruncatedNormalV2", RandomSource.KeyCounter, Distribution.TruncatedNormal),
        new RandomFloats("TruncatedNormal", RandomSource.Stateful, Distribution.TruncatedNormal),
    ];
}
