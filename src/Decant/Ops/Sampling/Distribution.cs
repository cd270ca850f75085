using Decant.Kernels.Threading;

namespace Decant.Ops.Sampling;

/// <summary>Fills outputs from a generator in TensorFlow's order: a call of the generator gives 4 words, of which numbers of 32 bits take one each, those of 64 bits two.</summary>
internal static class Distribution
{
    /// <summary>Generator calls that TensorFlow sets aside for each output of a distribution that rejects.</summary>
    private const int ReservedPerOutput = 256;

    private const double TruncateAt = 2;

    /// <summary>Words that are made at once: a part of the L1 cache.</summary>
    private const int BlockWords = 256;

    /// <summary>Blocks that pay for handing out a piece: some 2 µs.</summary>
    private const int Grain = 8;

    /// <summary>Fills an output of any float type uniformly over [0, 1).</summary>
    public static void Uniform(Tensor output, Philox generator, WorkerPool pool)
    {
        switch (output.DType)
        {
            case DType.Float32:
                pool.For((int)((output.ElementCount + BlockWords - 1) / BlockWords), Grain, new UniformJob(output, generator));
                break;
            case DType.Float64:
                Pairs(output.Mutable<double>(), generator, static (x0, x1) => Variates.Double(x0, x1));
                break;
            case DType.Float16:
                Words(output.Mutable<Half>(), generator, static x => Variates.Half(x));
                break;
            default:
                Words(output.Mutable<BFloat16>(), generator, static x => Variates.BFloat16(x));
                break;
        }
    }

    /// <summary>Fills an output of any float type with standard normal numbers.</summary>
    public static void Normal(Tensor output, Philox generator, WorkerPool pool)
    {
        switch (output.DType)
        {
            case DType.Float64:
                NormalDoubles(output.Mutable<double>(), generator);
                break;
            case DType.Float32:
                NormalFloats(output.Mutable<float>(), generator, static x => x);
                break;
            case DType.Float16:
                NormalFloats(output.Mutable<Half>(), generator, static x => (Half)x);
                break;
            default:
                NormalFloats(output.Mutable<BFloat16>(), generator, static x => (BFloat16)x);
                break;
        }
    }

    /// <summary>Fills an output of any float type with standard normal numbers of which those of 2 and more are drawn again.</summary>
    public static void TruncatedNormal(Tensor output, Philox generator, WorkerPool pool)
    {
        switch (output.DType)
        {
            case DType.Float64:
                TruncatedDoubles(output.Mutable<double>(), generator);
                break;
            case DType.Float32:
                TruncatedFloats(output.Mutable<float>(), generator, static x => x);
                break;
            case DType.Float16:
                TruncatedFloats(output.Mutable<Half>(), generator, static x => (Half)x);
                break;
            default:
                TruncatedFloats(output.Mutable<BFloat16>(), generator, static x => (BFloat16)x);
                break;
        }
    }

    /// <summary>Fills numbers made of one word each.</summary>
    public static void Words<T>(Span<T> output, Philox generator, Func<uint, T> make)
    {
        Span<uint> words = stackalloc uint[BlockWords];
        for (int start = 0; start < output.Length; start += BlockWords)
        {
            PhiloxBlocks.Fill(ref generator, words);
            for (int i = 0; i < Math.Min(BlockWords, output.Length - start); i++)
                output[start + i] = make(words[i]);
        }
    }

    /// <summary>Fills numbers made of two words each.</summary>
    public static void Pairs<T>(Span<T> output, Philox generator, Func<uint, uint, T> make)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < output.Length; i++)
        {
            if ((i & 1) == 0)
                generator.Next(words);
            output[i] = make(words[2 * (i & 1)], words[(2 * (i & 1)) + 1]);
        }
    }

    private static void NormalFloats<T>(Span<T> output, Philox generator, Func<float, T> round)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < output.Length; i += 2)
        {
            if ((i & 3) == 0)
                generator.Next(words);
            (float first, float second) = Variates.Normal(words[i & 3], words[(i & 3) + 1]);
            output[i] = round(first);
            if (i + 1 < output.Length)
                output[i + 1] = round(second);
        }
    }

    private static void NormalDoubles(Span<double> output, Philox generator)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < output.Length; i += 2)
        {
            generator.Next(words);
            (output[i], double second) = Variates.Normal(words[0], words[1], words[2], words[3]);
            if (i + 1 < output.Length)
                output[i + 1] = second;
        }
    }

    // Each group of outputs starts at a place of its own in the sequence, so that how many were rejected before does not matter.
    private static void TruncatedFloats<T>(Span<T> output, Philox generator, Func<float, T> round)
    {
        const int Group = 4;
        Span<float> accepted = stackalloc float[Group + 1];
        for (int start = 0; start < output.Length; start += Group)
        {
            var words = new PhiloxWords(generator.Skipped((ulong)(start / Group) * (Group * ReservedPerOutput / 4)));
            for (int count = 0; count < Group;)
            {
                uint x0 = words.Next();
                (float first, float second) = Variates.Normal(x0, words.Next());
                if (Math.Abs(first) < TruncateAt)
                    accepted[count++] = first;
                if (Math.Abs(second) < TruncateAt)
                    accepted[count++] = second;
            }

            for (int i = 0; i < Group && start + i < output.Length; i++)
                output[start + i] = round(accepted[i]);
        }
    }

    private static void TruncatedDoubles(Span<double> output, Philox generator)
    {
        const int Group = 2;
        Span<double> accepted = stackalloc double[Group + 1];
        for (int start = 0; start < output.Length; start += Group)
        {
            var words = new PhiloxWords(generator.Skipped((ulong)(start / Group) * (Group * ReservedPerOutput / 4)));
            for (int count = 0; count < Group;)
            {
                uint x0 = words.Next(), x1 = words.Next(), x2 = words.Next();
                (double first, double second) = Variates.Normal(x0, x1, x2, words.Next());
                if (Math.Abs(first) < TruncateAt)
                    accepted[count++] = first;
                if (Math.Abs(second) < TruncateAt)
                    accepted[count++] = second;
            }

            for (int i = 0; i < Group && start + i < output.Length; i++)
                output[start + i] = accepted[i];
        }
    }

    private readonly struct UniformJob(Tensor output, Philox generator) : IRangeJob
    {
        public void Run(int start, int end)
        {
            Span<uint> words = stackalloc uint[BlockWords];
            Philox ahead = generator.Skipped((ulong)start * BlockWords / 4);
            for (int block = start; block < end; block++)
            {
                PhiloxBlocks.Fill(ref ahead, words);
                Span<float> floats = output.Mutable<float>()[(block * BlockWords)..];
                for (int i = 0; i < Math.Min(BlockWords, floats.Length); i++)
                    floats[i] = Variates.Float(words[i]);
            }
        }
    }
}
