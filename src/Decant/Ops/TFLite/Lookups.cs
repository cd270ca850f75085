using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Ops.Text;

namespace Decant.Ops.TFLite;

/// <summary>The operators of the first on-device text models: hashes, sorted tables, skip-grams.</summary>
internal static class Lookups
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("HASHTABLE_LOOKUP", _ => Kernel.Of(Lookup)),
        new TFLiteOp("LSH_PROJECTION", Project),
        new TFLiteOp("NON_MAX_SUPPRESSION_V4", r => BoxSuppression.Prepare(r, isSoft: false)),
        new TFLiteOp("NON_MAX_SUPPRESSION_V5", r => BoxSuppression.Prepare(r, isSoft: true)),
        new TFLiteOp("RFFT2D", r => new Translation(r, "RFFT2D").In(0, 1).Set("Treal", DType.Float32).Set("Tcomplex", DType.Complex64).Prepare()),
        new TFLiteOp("SKIP_GRAM", SkipGrams),
    ];

    /// <summary>HASHTABLE_LOOKUP: the rows of values at the places of keys, which are sorted; zeros for those that are not there.</summary>
    private static void Lookup(KernelContext context)
    {
        Tensor wanted = context.Input(0), keys = context.Input(1), values = context.Input(2);
        if (wanted.Shape.Rank != 1 || keys.Shape.Rank != 1 || values.Shape.Rank < 1 || values.Shape[0] != keys.Shape[0] || values.Shape[0] == 0)
            throw context.Fail($"looks up {wanted} in the keys {keys} with the values {values}, expected vectors and a value for each key");
        ReadOnlySpan<int> of = wanted.Span<int>(), sorted = keys.Span<int>();
        Span<byte> hits = context.Output<byte>(1, wanted.Shape);
        var shape = new Shape([wanted.Shape[0], .. values.Shape.Dims[1..]]);
        var strings = new ReadOnlyMemory<byte>[values.DType == DType.String ? of.Length : 0];
        Tensor? output = values.DType == DType.String ? null : context.Allocate(0, values.DType, shape);
        int bytes = output is null ? 0 : (int)(values.Data.Length / values.Shape[0]);
        for (int i = 0; i < of.Length; i++)
        {
            int row = sorted.BinarySearch(of[i]);
            hits[i] = (byte)(row >= 0 ? 1 : 0);
            if (output is null)
                strings[i] = row >= 0 ? values.Strings[row] : default;
            else if (row >= 0)
                values.Data.Span.Slice(row * bytes, bytes).CopyTo(output.Data.AsMutable<byte>()[(i * bytes)..]);
            else
                output.Data.AsMutable<byte>().Slice(i * bytes, bytes).Clear();
        }

        if (output is null)
            context.SetOutput(0, new Tensor(new Shape(of.Length), strings));
    }

    /// <summary>LSH_PROJECTION: a bit per hash function, the sign of the weighted sum of the items' hashes; SPARSE packs the bits of a function.</summary>
    private static Kernel Project(KernelRequest request)
    {
        bool isDense = request.Attributes.String("type") switch
        {
            "DENSE" => true,
            "SPARSE" => false,
            var other => throw request.NoKernel($"of the type {other}"),
        };
        bool hasWeights = request.HasInput(2);
        return Kernel.Of(context =>
        {
            Tensor seeds = context.Input(0), items = context.Input(1);
            if (seeds.Shape.Rank != 2 || seeds.Shape[1] is < 1 or > 32 || items.Shape.Rank < 1 || items.Shape[0] < 1 || (hasWeights && context.Input(2).ElementCount != items.Shape[0]))
                throw context.Fail($"projects {items} by {seeds}, expected items, seeds [functions, up to 32 bits] and a weight for each item");
            (int functions, int bits) = ((int)seeds.Shape[0], (int)seeds.Shape[1]);
            Span<int> y = context.Output<int>(0, new Shape(isDense ? functions * bits : functions));
            ReadOnlySpan<float> weights = hasWeights ? context.Input(2).Span<float>() : default;
            for (int f = 0; f < functions; f++)
            {
                int signature = 0;
                for (int b = 0; b < bits; b++)
                {
                    int bit = Sign(items, weights, seeds.Span<float>()[(f * bits) + b]);
                    signature = (signature << 1) | bit;
                    if (isDense)
                        y[(f * bits) + b] = bit;
                }

                if (!isDense)
                    y[f] = unchecked(signature + (f * (1 << bits)));
            }
        });
    }

    private static int Sign(Tensor items, ReadOnlySpan<float> weights, float seed)
    {
        int size = (int)(items.Data.Length / items.Shape[0]);
        byte[] key = new byte[4 + size];
        MemoryMarshal.Write(key, seed);
        double score = 0;
        for (int i = 0; i < items.Shape[0]; i++)
        {
            items.Data.Span.Slice(i * size, size).CopyTo(key.AsSpan(4));
            double hash = unchecked((long)FarmHash.Fingerprint64(key));
            score += weights.IsEmpty ? hash : weights[i] * hash;
        }

        return score > 0 ? 1 : 0;
    }

    /// <summary>SKIP_GRAM: all sequences of words of a text with at most so many words left out between two.</summary>
    private static Kernel SkipGrams(KernelRequest request)
    {
        (long size, long mostSkipped) = (request.Attributes.Int("ngram_size"), request.Attributes.Int("max_skip_size"));
        bool takesShorter = request.Attributes.Bool("include_all_ngrams");
        return Kernel.Of(context =>
        {
            if (context.Input(0) is not { DType: DType.String, ElementCount: > 0 } text)
                throw context.Fail($"has the text {context.Input(0)}, expected a string");
            ReadOnlyMemory<byte>[] words = Words(text.Strings[0]);
            var grams = new List<ReadOnlyMemory<byte>>();
            if (size >= 1 && words.Length >= size)
            {
                for (int first = 0; first < words.Length; first++)
                    Extend([first]);
            }

            context.SetOutput(0, new Tensor(new Shape(grams.Count), [.. grams]));

            // Longer ones come before the shorter one that they begin with.
            void Extend(int[] chosen)
            {
                if (grams.Count > MostGrams)
                    throw context.Fail($"makes more than {MostGrams} sequences of {words.Length} words");
                for (int next = chosen[^1] + 1; chosen.Length < size && next < words.Length && next - chosen[^1] <= mostSkipped + 1; next++)
                    Extend([.. chosen, next]);
                if (chosen.Length == size || takesShorter)
                    grams.Add(Join(chosen.Select(i => words[i])));
            }
        });
    }

    private const int MostGrams = 1_000_000;

    private static ReadOnlyMemory<byte>[] Words(ReadOnlyMemory<byte> text)
    {
        var words = new List<ReadOnlyMemory<byte>>();
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (!IsSpace(text.Span[i]))
                continue;
            if (i > start && !IsSpace(text.Span[start]))
                words.Add(text[start..i]);
            start = i + 1;
        }

        if (text.Length > start)
            words.Add(text[start..]);
        return [.. words];
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (>= 9 and <= 13);

    private static ReadOnlyMemory<byte> Join(IEnumerable<ReadOnlyMemory<byte>> words)
    {
        var joined = new List<byte>();
        foreach (ReadOnlyMemory<byte> word in words)
        {
            if (joined.Count > 0)
                joined.Add((byte)' ');
            joined.AddRange(word.Span);
        }

        return joined.ToArray();
    }
}
