using Decant.IR;
using Decant.Ops.Sampling;

namespace Decant.Ops.TFLite;

/// <summary>Random operators. With seeds they give TensorFlow Lite's own numbers, and go on from run to run.</summary>
internal static class RandomNumbers
{
    // What a run moves on by for each sample.
    private const ulong CallsPerSample = 2 * 256;

    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("MULTINOMIAL", Multinomial),
        new TFLiteOp("RANDOM_STANDARD_NORMAL", r => Floats(r, isNormal: true)),
        new TFLiteOp("RANDOM_UNIFORM", r => Floats(r, isNormal: false)),
    ];

    private static Kernel Floats(KernelRequest request, bool isNormal) => Kernel.Of(context =>
    {
        long[] dims = context.Ints(0);
        if (dims.Any(d => d < 0))
            throw context.Fail($"asks for the shape [{string.Join(',', dims)}], expected sizes that are not negative");
        Span<float> y = context.Output<float>(0, new Shape(dims));
        Philox generator = context.Generator().Reserve((ulong)((y.Length + 3) / 4));
        Span<uint> words = stackalloc uint[4];
        Span<float> four = stackalloc float[4];
        for (int i = 0; i < y.Length; i += 4)
        {
            generator.Next(words);
            if (isNormal)
                ((four[0], four[1]), (four[2], four[3])) = (Variates.Normal(words[0], words[1]), Variates.Normal(words[2], words[3]));
            else
                (four[0], four[1], four[2], four[3]) = (Variates.Float(words[0]), Variates.Float(words[1]), Variates.Float(words[2]), Variates.Float(words[3]));
            four[..Math.Min(4, y.Length - i)].CopyTo(y[i..]);
        }
    });

    /// <summary>MULTINOMIAL: classes by the logits of each row.</summary>
    private static Kernel Multinomial(KernelRequest request)
    {
        DType type = request.OutputType();
        return Kernel.Of(context =>
        {
            (int rows, int classes, int samples) = Sizes(context);
            Philox generator = context.Generator().Reserve((ulong)rows * (ulong)((samples + 3) / 4 * 4) * CallsPerSample);
            var words = new PhiloxWords(generator);
            ReadOnlySpan<float> logits = context.Input(0).Span<float>();
            Tensor output = Samples(context, type, rows, samples);
            double[] cumulated = new double[classes];
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> of = logits.Slice(row * classes, classes);
                float most = float.MinValue;
                foreach (float logit in of)
                    most = float.IsFinite(logit) ? MathF.Max(most, logit) : most;
                double total = 0;
                for (int c = 0; c < classes; c++)
                    cumulated[c] = total += float.IsFinite(of[c]) ? Math.Exp(of[c] - (double)most) : 0;
                for (int s = 0; s < samples; s++)
                    Store(output, (row * samples) + s, First(cumulated, words.NextDouble() * total, orEqual: false));
            }
        });
    }

    /// <summary>The custom operator Multinomial, by the C++ library's default generator.</summary>
    public static Kernel PrepareStandardMultinomial(KernelRequest request)
    {
        DType type = request.OutputType();
        return Kernel.Of(context =>
        {
            StandardGenerator generator = context.Resources.GetOrAdd(context.Node.Name, () => new StandardGenerator());
            (int rows, int classes, int samples) = Sizes(context);
            bool isDouble = context.Input(0).DType == DType.Float64;
            double[] logits = isDouble ? context.Input(0).Span<double>().ToArray() : [.. context.Input(0).Span<float>().ToArray().Select(v => (double)v)];
            Tensor output = Samples(context, type, rows, samples);
            double[] cumulated = new double[classes];
            for (int row = 0; row < rows; row++)
            {
                Span<double> of = logits.AsSpan(row * classes, classes);
                double most = isDouble ? double.MinValue : float.MinValue;
                foreach (double logit in of)
                    most = Math.Max(most, logit);
                for (int c = 0; c < classes; c++)
                {
                    double before = c == 0 ? 0 : cumulated[c - 1];
                    cumulated[c] = isDouble ? Math.Exp(of[c] - most) + before : (float)(MathF.Exp((float)of[c] - (float)most) + before);
                }

                for (int s = 0; s < samples; s++)
                    Store(output, (row * samples) + s, First(cumulated, generator.Next() * cumulated[^1], orEqual: true));
            }
        });
    }

    private static (int Rows, int Classes, int Samples) Sizes(KernelContext context)
    {
        Tensor logits = context.Input(0);
        return logits.Shape.Rank == 2 && logits.Shape[1] > 0 && context.Int(1) is >= 0 and <= int.MaxValue and var samples
            ? ((int)logits.Shape[0], (int)logits.Shape[1], (int)samples)
            : throw context.Fail($"draws {context.Input(1)} samples of {logits}, expected at least 0 of a matrix with columns");
    }

    private static Tensor Samples(KernelContext context, DType type, int rows, int samples) =>
        context.Allocate(0, type is DType.Int32 or DType.Int64 ? type : throw context.Fail($"gives {type.Name()}, expected int32 or int64"), new Shape(rows, samples));

    private static void Store(Tensor output, int at, int value)
    {
        if (output.DType == DType.Int32)
            output.Mutable<int>()[at] = value;
        else
            output.Mutable<long>()[at] = value;
    }

    /// <summary>The first of a sorted list that is above a value, or, if so asked, equal to it; the last at most.</summary>
    private static int First(double[] sorted, double value, bool orEqual)
    {
        int at = 0;
        while (at < sorted.Length - 1 && (orEqual ? sorted[at] < value : sorted[at] <= value))
            at++;
        return at;
    }

    /// <summary>Park and Miller's generator x' = a x mod (2^31 - 1) from 1 on, and uniform numbers of two of its numbers.</summary>
    private sealed class StandardGenerator
    {
        private const ulong Multiplier = 16807, Modulus = int.MaxValue;

        private ulong _state = 1;

        /// <summary>A number in [0, 1).</summary>
        public double Next()
        {
            const double Range = Modulus - 1;
            double low = Draw(), sum = low + (Draw() * Range);
            double result = sum / (Range * Range);
            return result < 1 ? result : Math.BitDecrement(1);
        }

        private double Draw() => (_state = _state * Multiplier % Modulus) - 1;
    }
}
