using Decant.Ops.Text;

namespace Decant.Ops.Sparse;

/// <summary>
/// All combinations of a feature of each column, row by row; those of the last column change fastest. Inputs: indices [n, 2], values [n] and dense
/// shapes [2] of the sparse columns, then the dense ones [rows, features]. A combination is a number, the features' hashes joined from
/// <c>hash_key</c> on, modulo <c>num_buckets</c>; or text, the features joined by <c>_X_</c>. <c>SparseCrossV2</c> gives text with a separator that
/// is the last input; <c>SparseCrossHashed</c> numbers, by its last inputs: the buckets, whether the hash is strong, and its salt [2].
/// </summary>
internal sealed class SparseCross(string name) : Op(name), IInfersFacts, IHasKernel
{
    // A list of combinations grows with the product of the columns: this many take 2 GB.
    private const long Most = 1 << 26;

    private static readonly byte[] Separator = [.. "_X_"u8];

    private int Options => Name.Name switch { "SparseCrossV2" => 1, "SparseCrossHashed" => 3, _ => 0 };

    public void Infer(InferenceContext context) => context.SetSparse(0, Options switch { 1 => DType.String, 3 => DType.Int64, _ => context.Attributes.Type("out_type") }, -1, 2);

    public Kernel Prepare(KernelRequest request)
    {
        long sparse = request.Attributes.Int("N");
        if (sparse < 0 || request.InputCount < Options || sparse > (request.InputCount - Options) / 3)
            throw request.Fail($"N is {sparse}, expected no more than {(request.InputCount - Options) / 3} and no less than 0");
        CrossHash? own = Options == 0 && request.Attributes.Type("out_type") == DType.Int64 ? new CrossHash((ulong)request.Attributes.Int("hash_key"), request.Attributes.Int("num_buckets")) : null;
        return Kernel.Of(context =>
        {
            CrossColumn[] columns = Columns(context, (int)sparse, context.InputCount - Options);
            CrossHash? hash = Options == 3 ? Hash(context) : own;
            if (hash is { Buckets: < 0 })
                throw context.Fail($"num_buckets is {hash.Buckets}, expected no less than 0");
            ReadOnlyMemory<byte> separator = Options == 1 ? Text(context, context.InputCount - 1) : Separator;
            List<(long Row, long Count)> rows = Rows(context, columns);
            long total = rows.Sum(r => r.Count);
            Span<long> indices = context.Output<long>(0, new Shape(total, 2));
            Span<long> shape = context.Output<long>(2, new Shape(2));
            (shape[0], shape[1]) = (columns.Length > 0 ? columns[0].Rows : 0, rows.Count > 0 ? rows.Max(r => r.Count) : 0);
            Span<long> hashes = hash is not null ? context.Output<long>(1, new Shape(total)) : default;
            var texts = new ReadOnlyMemory<byte>[hash is not null ? 0 : total];
            int at = 0;
            foreach ((long row, long count) in rows)
            {
                int[] chosen = new int[columns.Length];
                for (long i = 0; i < count; i++, at++)
                {
                    (indices[2 * at], indices[(2 * at) + 1]) = (row, i);
                    if (hash is not null)
                        hashes[at] = hash.Of(context, columns, row, chosen);
                    else
                        texts[at] = Joined.Of(columns.Zip(chosen, (column, feature) => column.Text(row, feature)), separator);
                    for (int c = columns.Length - 1; c >= 0 && ++chosen[c] == columns[c].Count(row); c--)
                        chosen[c] = 0;
                }
            }

            if (hash is null)
                context.SetOutput(1, new Tensor(new Shape(total), texts));
        });
    }

    private static CrossHash Hash(KernelContext context)
    {
        int last = context.InputCount - 1;
        Tensor strong = context.Input(last - 1), salt = context.Input(last);
        if (strong is not { DType: DType.Bool, ElementCount: 1 } || salt is not { DType: DType.Int64, ElementCount: 2 })
            throw context.Fail($"has {strong} for strong_hash and {salt} for salt, expected a bool and int64[2]");
        return new CrossHash(null, context.Int(last - 2), strong.Span<bool>()[0] ? ((ulong)salt.Span<long>()[0], (ulong)salt.Span<long>()[1]) : null);
    }

    private static ReadOnlyMemory<byte> Text(KernelContext context, int input) =>
        context.Input(input) is { DType: DType.String, ElementCount: 1 } text ? text.Strings[0] : throw context.Fail($"has the separator {context.Input(input)}, expected a string");

    private static CrossColumn[] Columns(KernelContext context, int sparse, int inputs)
    {
        CrossColumn[] columns = [.. Enumerable.Range(0, sparse).Select(i => CrossColumn.Of(context, i, sparse)), .. Enumerable.Range(3 * sparse, inputs - (3 * sparse)).Select(i => CrossColumn.Of(context, i))];
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
