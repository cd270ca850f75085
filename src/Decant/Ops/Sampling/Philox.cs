namespace Decant.Ops.Sampling;

/// <summary>
/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a counter of 128 bits and a key of 64
/// bits give 4 words of 32 bits.
/// </summary>
internal struct Philox(ulong key, ulong counterLow, ulong counterHigh)
{
    internal const int Rounds = 10;
    internal const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;
    internal const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    private ulong _low = counterLow;
    private ulong _high = counterHigh;

    /// <summary>The key.</summary>
    public ulong Key { get; } = key;

    /// <summary>The low half of the counter.</summary>
    public readonly ulong CounterLow => _low;

    /// <summary>The high half of the counter.</summary>
    public readonly ulong CounterHigh => _high;

    /// <summary>TensorFlow's generator of the attributes seed and seed2.</summary>
    public static Philox OfSeeds(long seed, long seed2) => new((ulong)seed, 0, (ulong)seed2);

    /// <summary>TensorFlow's generator of the two seeds of a stateless op, which are scrambled by the generator itself.</summary>
    public static Philox OfStatelessSeeds(long seed0, long seed1)
    {
        Span<uint> mix = stackalloc uint[4];
        new Philox(0x02461E29_3EC8F720, (ulong)seed0, (ulong)seed1).Next(mix);
        return new Philox(mix[0] | ((ulong)mix[1] << 32), 0, mix[2] | ((ulong)mix[3] << 32));
    }

    /// <summary>Moves on by a number of calls of <see cref="Next"/>.</summary>
    public void Skip(ulong count)
    {
        _low += count;
        if (_low < count)
            _high++;
    }

    /// <summary>A generator that is ahead by a number of calls.</summary>
    public readonly Philox Skipped(ulong count)
    {
        Philox ahead = this;
        ahead.Skip(count);
        return ahead;
    }

    /// <summary>The next 4 words.</summary>
    public void Next(Span<uint> words)
    {
        uint c0 = (uint)_low, c1 = (uint)(_low >> 32), c2 = (uint)_high, c3 = (uint)(_high >> 32);
        uint k0 = (uint)Key, k1 = (uint)(Key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * c0, b = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }

        (words[0], words[1], words[2], words[3]) = (c0, c1, c2, c3);
        Skip(1);
    }
}

/// <summary>The words of a generator one at a time.</summary>
internal ref struct PhiloxWords(Philox generator)
{
    private Philox _generator = generator;
    private WordsOfFour _words;
    private int _used = 4;

    /// <summary>The next word.</summary>
    public uint Next()
    {
        if (_used == 4)
        {
            _generator.Next(_words);
            _used = 0;
        }

        return _words[_used++];
    }

    /// <summary>A float64 in [0, 1) of the next two words.</summary>
    public double NextDouble()
    {
        uint high = Next();
        return Variates.Double(high, Next());
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct WordsOfFour
    {
        private uint _first;
    }
}
