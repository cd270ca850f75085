namespace Decant.Ops.Sampling;

/// <summary>The ops that draw random numbers.</summary>
internal static class SamplingOps
{
    public static Op Multinomial => new Multinomial("Multinomial", RandomSource.Stateful);
    public static Op ParameterizedTruncatedNormal => new ParameterizedTruncatedNormal();
    public static Op RandomGamma => new RandomGamma("RandomGamma", RandomSource.Stateful, poisson: false);
    public static Op RandomPoisson => new RandomGamma("RandomPoisson", RandomSource.Stateful, poisson: true);
    public static Op RandomPoissonV2 => new RandomGamma("RandomPoissonV2", RandomSource.Stateful, poisson: true);
    public static Op RandomShuffle => new RandomShuffle();
    public static Op RandomStandardNormal => new RandomFloats("RandomStandardNormal", RandomSource.Stateful, Distribution.Normal);
    public static Op RandomUniform => new RandomFloats("RandomUniform", RandomSource.Stateful, Distribution.Uniform);
    public static Op RandomUniformInt => new RandomIntegers("RandomUniformInt", RandomSource.Stateful, full: false);
    public static Op StatelessMultinomial => new Multinomial("StatelessMultinomial", RandomSource.Seeds);
    public static Op StatelessRandomGammaV2 => new RandomGamma("StatelessRandomGammaV2", RandomSource.Seeds, poisson: false);
    public static Op StatelessRandomGammaV3 => new RandomGamma("StatelessRandomGammaV3", RandomSource.KeyCounter, poisson: false);
    public static Op StatelessRandomGetAlg => new StatelessKeys("StatelessRandomGetAlg", key: false, algorithm: true);
    public static Op StatelessRandomGetKeyCounter => new StatelessKeys("StatelessRandomGetKeyCounter", key: true, algorithm: false);
    public static Op StatelessRandomGetKeyCounterAlg => new StatelessKeys("StatelessRandomGetKeyCounterAlg", key: true, algorithm: true);
    public static Op StatelessRandomNormal => new RandomFloats("StatelessRandomNormal", RandomSource.Seeds, Distribution.Normal);
    public static Op StatelessRandomNormalV2 => new RandomFloats("StatelessRandomNormalV2", RandomSource.KeyCounter, Distribution.Normal);
    public static Op StatelessRandomPoisson => new RandomGamma("StatelessRandomPoisson", RandomSource.Seeds, poisson: true);
    public static Op StatelessRandomUniform => new RandomFloats("StatelessRandomUniform", RandomSource.Seeds, Distribution.Uniform);
    public static Op StatelessRandomUniformFullInt => new RandomIntegers("StatelessRandomUniformFullInt", RandomSource.Seeds, full: true);
    public static Op StatelessRandomUniformFullIntV2 => new RandomIntegers("StatelessRandomUniformFullIntV2", RandomSource.KeyCounter, full: true);
    public static Op StatelessRandomUniformInt => new RandomIntegers("StatelessRandomUniformInt", RandomSource.Seeds, full: false);
    public static Op StatelessRandomUniformIntV2 => new RandomIntegers("StatelessRandomUniformIntV2", RandomSource.KeyCounter, full: false);
    public static Op StatelessRandomUniformV2 => new RandomFloats("StatelessRandomUniformV2", RandomSource.KeyCounter, Distribution.Uniform);
    public static Op StatelessTruncatedNormal => new RandomFloats("StatelessTruncatedNormal", RandomSource.Seeds, Distribution.TruncatedNormal);
    public static Op StatelessTruncatedNormalV2 => new RandomFloats("StatelessTruncatedNormalV2", RandomSource.KeyCounter, Distribution.TruncatedNormal);
    public static Op TruncatedNormal => new RandomFloats("TruncatedNormal", RandomSource.Stateful, Distribution.TruncatedNormal);
}
