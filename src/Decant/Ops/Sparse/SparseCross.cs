using Decant.Ops.Text;

namespace Decant.Ops.Sparse;

/// <summary>
/// All combinations of a feature of each column, row by row; those of the last column change fastest. Inputs: indices [n, 2], values [n] and dense
/// shapes [2] of the sparse columns, then the dense ones [rows, features]. A combination is a number, the features' hashes joined from
/// <c>hash_key</c> on, modulo <c>num_buckets</c>; or text, the features joined by <c>_X_</c>.
/// </summary>
internal sealed class SparseCross() : Op("SparseCross"), IInfersFacts, IHasKernel
{
    // A list of combinations grows with the product of the columns: this many take 2 GB.
    private const long Most = 1 << 26;

    private static readonly byte[] Separator = [.. "_X_"u8];

    public void Infer(InferenceContext context) => context.SetSparse(0, context.Attributes.Type("out_type"), -1, 2);

    public Kernel Prepare(KernelRequest request)
    {
        (long sparse, long buckets, ulong key) = (request.Attributes.Int("N"), request.Attributes.Int("num_buckets"), (ulong)request.Attributes.Int("hash_key"));
        bool isHash = request.Attributes.Type("out_type") == DType.Int64;
        if (sparse < 0 || sparse > request.InputCount / 3 || buckets < 0)
            throw request.Fail($"N is {sparse} and num_buckets {buckets}, expected no more than {request.InputCount / 3} and no less than 0");
        // Without buckets, as many as keep the numbers positive.
        ulong modulus = buckets > 0 ? (ulong)buckets : long.MaxValue;
        return Kernel.Of(context =>
        {
            CrossColumn[] columns = Columns(context, (int)sparse);
            List<(long Row, long Count)> rows = Rows(context, columns);
            long total = rows.Sum(r => r.Count);
            Span<long> indices = context.Output<long>(0, new Shape(total, 2));
            Span<long> shape = context.Output<long>(2, new Shape(2));
            (shape[0], shape[1]) = (columns.Length > 0 ? columns[0].Rows : 0, rows.Count > 0 ? rows.Max(r => r.Count) : 0);
            Span<long> hashes = isHash ? context.Output<long>(1, new Shape(total)) : default;
            var texts = new ReadOnlyMemory<byte>[isHash ? 0 : total];
            int at = 0;
            foreach ((long row, long count) in rows)
            {
                int[] chosen = new int[columns.Length];
                for (long i = 0; i < count; i++, at++)
                {
                    (indices[2 * at], indices[(2 * at) + 1]) = (row, i);
                    if (isHash)
                        hashes[at] = (long)(columns.Zip(chosen).Aggregate(key, (hash, c) => FarmHash.Join(hash, c.First.Hash(row, c.Second))) % modulus);
                    else
                        texts[at] = Joined.Of(columns.Zip(chosen, (column, feature) => column.Text(row, feature)), Separator);
                    for (int c = columns.Length - 1; c >= 0 && ++chosen[c] == columns[c].Count(row); c--)
                        chosen[c] = 0;
                }
            }

            if (!isHash)
                context.SetOutput(1, new Tensor(new Shape(total), texts));
        });
    }

    private static CrossColumn[] Columns(KernelContext context, int sparse)
    {
        CrossColumn[] columns = [.. Enumerable.Range(0, sparse).Select(i => CrossColumn.Of(context, i, sparse)), .. Enumerable.Range(3 * sparse, context.InputCount - (3 * sparse)).Select(i => CrossColumn.Of(context, i))];
        return Array.Find(columns, c => c.Rows != columns[0].Rows) is { } other ? throw context.Fail($"a column has {other.Rows} rows, expected {columns[0].Rows} as in the first") : columns;
    }

    /// <summary>How many combinations rows have, for those that have some.</summary>
    private static List<(long Row, long Count)> Rows(KernelContext context, CrossColumn[] columns)
    {
        var rows = new List<(long, long)>();
        long total = 0;
        foreach (long row in columns.Length == 0 || columns.Any(c => c.IsEmpty) ? [] : columns[0].RowsWithFeatures())
        {
            long count = columns.Aggregate(1L, (product, c) => Math.Min(product * c.Count(row), Most + 1));
            if ((total += count) > Most)
                throw context.Fail($"there are more than {Most} combinations");
            if (count > 0)
                rows.Add((row, count));
        }

        return rows;
    }
}
