using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// Removes rows of an embedding that nobody asks for, and merges equal ones: gather(W, i) = gather(W', table(i)), where the table is in
/// the graph, or in the vocabulary file, or in both.
/// </summary>
internal static class EmbeddingRows
{
    /// <summary>Changes a model in place.</summary>
    /// <exception cref="ModelException">There is no such embedding, something else reads it, or the vocabulary does not fit it.</exception>
    public static EmbeddingReport Apply(Model model, EmbeddingOptions options, PassContext context)
    {
        EmbeddingUse use = EmbeddingUse.Find(model, options.Weights, context);
        Node node = use.Weights;
        var weights = (TensorAttr)node.Attributes["value"]!;
        int rows = (int)weights.Shape[0];
        (bool[] kept, List<string> missing) = Kept(options, rows, node);
        int[] first = options.MergeEqualRows ? EqualRows.First(weights.Value, kept) : [.. Enumerable.Range(0, rows)];
        int[] stored = [.. Enumerable.Range(0, rows).Where(i => kept[i] && first[i] == i)];
        int keptCount = kept.Count(k => k);
        List<string>? vocabulary = options.KeepIds ? null : options.Vocabulary?.Where((_, i) => kept[i]).ToList();
        var report = new EmbeddingReport(node.Name, rows, keptCount, stored.Length, vocabulary, missing) { IdsChange = !options.KeepIds && keptCount < rows };
        if (stored.Length == rows)
            return report;
        if (!options.KeepIds && keptCount < rows)
            use.RequireIdsFromOutside();
        Replace(use, weights, stored, Table(options, kept, first, stored), context);
        return report;
    }

    /// <summary>The row of each id that may be asked for; null if it is the id itself.</summary>
    private static int[]? Table(EmbeddingOptions options, bool[] kept, int[] first, int[] stored)
    {
        var row = new Dictionary<int, int>(stored.Length);
        for (int i = 0; i < stored.Length; i++)
            row[stored[i]] = i;
        if (options.KeepIds)
        {
            int unknown = options.UnknownId;
            if (unknown < 0 || unknown >= kept.Length || !kept[unknown])
                throw CompressErrors.BadEmbedding.At(null, $"the id {unknown} is to stand for those whose rows are gone, but its own row is not kept", "choose one that is: --unknown-id ID");
            return [.. Enumerable.Range(0, kept.Length).Select(i => row[first[kept[i] ? i : unknown]])];
        }

        int[] table = [.. Enumerable.Range(0, kept.Length).Where(i => kept[i]).Select(i => row[first[i]])];
        return table.Length == stored.Length ? null : table;
    }

    private static (bool[] Kept, List<string> Missing) Kept(EmbeddingOptions options, int rows, Node node)
    {
        bool[] kept = new bool[rows];
        List<string> missing = [];
        if (options.Vocabulary is { } lines && lines.Count > rows)
            throw CompressErrors.BadVocabulary.At(node.At(), $"has {rows} rows, but the vocabulary has {lines.Count} lines");
        if (options.KeepFirst is null && options.KeepWords is null)
        {
            Array.Fill(kept, true);
            return (kept, missing);
        }

        if (options.KeepFirst < 0 || options.KeepFirst > rows)
            throw CompressErrors.BadEmbedding.At(node.At(), $"has {rows} rows, and the first {options.KeepFirst} are to be kept");
        kept.AsSpan(0, (int)(options.KeepFirst ?? 0)).Fill(true);
        if (options.Vocabulary is { } vocabulary)
            kept.AsSpan(vocabulary.Count).Fill(true);
        if (options.KeepWords is not null)
            missing = KeepWords(options, kept);
        return kept.AsSpan().Contains(true) ? (kept, missing)
            : throw CompressErrors.BadVocabulary.At(node.At(), "would keep no row: the vocabulary has none of the words to keep");
    }

    private static List<string> KeepWords(EmbeddingOptions options, bool[] kept)
    {
        if (options.Vocabulary is not { } vocabulary)
            throw CompressErrors.BadVocabulary.At(null, "there are words to keep, but no vocabulary that tells their rows", "give it: --vocabulary FILE");
        var rows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < vocabulary.Count; i++)
        {
            ref List<int>? of = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, Word(vocabulary[i]), out _);
            (of ??= []).Add(i);
        }

        List<string> missing = [];
        foreach (string word in options.KeepWords!)
        {
            if (!rows.TryGetValue(Word(word), out List<int>? of))
                missing.Add(Word(word));
            foreach (int row in of ?? [])
                kept[row] = true;
        }

        return missing;
    }

    private static string Word(string line) => line.Split('\t', 2)[0].TrimEnd('\r');

    private static void Replace(EmbeddingUse use, TensorAttr weights, int[] stored, int[]? table, PassContext context)
    {
        var patch = new Patch($"embedding rows: {use.Weights.Name} ({stored.Length} of {weights.Shape[0]})");
        patch.Change(use.Weights, n =>
        {
            n.Attributes["value"] = new ComputedTensor(DType.Float32, new Shape(stored.Length, weights.Shape[1]), () => Rows(weights.Value, stored));
            n.Attributes.Remove("_output_shapes");
            n.Facts = [];
        });
        var tables = new Dictionary<DType, (Node Table, Node Axis)>();
        foreach (Node gather in table is null ? [] : use.Gathers)
        {
            DType type = gather.Attributes["Tindices"] is TypeAttr { Value: var given } ? given : DType.Int32;
            if (!tables.TryGetValue(type, out (Node Table, Node Axis) ids))
            {
                Tensor values = type == DType.Int64 ? Tensor.Wrap(Array.ConvertAll(table!, i => (long)i)) : Tensor.Wrap(table!);
                tables[type] = ids = (patch.AddConst($"{use.Weights.Name}/rows_of_ids", values), patch.AddConst($"{use.Weights.Name}/rows_of_ids/axis", Tensor.Scalar(0)));
            }

            Node row = patch.Add(
                $"{gather.Name}/rows", "GatherV2", [ids.Table, gather.Inputs[1], ids.Axis],
                new AttributeMap { { "Tparams", type }, { "Tindices", type }, { "Taxis", DType.Int32 }, { "batch_dims", 0 } });
            patch.Change(gather, g => g.Inputs[1] = row);
        }

        PatchApplication.Apply(patch, context);
    }

    private static Tensor Rows(Tensor weights, int[] stored)
    {
        long width = weights.Shape[1] * sizeof(float), bytes = stored.Length * width;
        return new Tensor(DType.Float32, new Shape(stored.Length, weights.Shape[1]), new BufferSlice(new ComputedBuffer(bytes, Fill), 0, bytes));

        void Fill(long offset, Span<byte> target)
        {
            while (target.Length > 0)
            {
                (long first, long within) = Math.DivRem(offset, width);
                int row = (int)first, end = row + 1;
                while (end < stored.Length && stored[end] == stored[end - 1] + 1 && ((end - row) * width) - within < target.Length)
                    end++;
                int count = (int)Math.Min(target.Length, ((end - row) * width) - within);
                weights.Data.Slice((stored[row] * width) + within).Read(target[..count]);
                target = target[count..];
                offset += count;
            }
        }
    }
}
