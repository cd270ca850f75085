using Decant.Ops.Text;

namespace Decant.Ops.Sparse;

/// <summary>How the features of a combination become a number: SparseCross's way with a key, or SparseCrossHashed's without one.</summary>
/// <param name="Key">What the features' hashes are joined to; null to begin with that of the first.</param>
/// <param name="Buckets">How many numbers there are; 0 for as many as are positive.</param>
/// <param name="Salt">The key of the strong hash, of two words; null for the hash that needs none.</param>
internal sealed record CrossHash(ulong? Key, long Buckets, (ulong First, ulong Second)? Salt = null)
{
    /// <summary>TensorFlow takes the size of the name of the type, which is 4, for that of the numbers.</summary>
    private const int BytesOfNumber = 4;

    /// <summary>The number of a combination: a feature of each column.</summary>
    public long Of(KernelContext context, CrossColumn[] columns, long row, int[] chosen)
    {
        ulong? hash = Key;
        foreach ((int i, CrossColumn column) in columns.Index())
        {
            ulong feature = Feature(context, column, row, chosen[i]);
            hash = hash is { } before ? FarmHash.Join(before, feature) : feature;
        }

        return (long)(hash!.Value % (Buckets > 0 ? (ulong)Buckets : long.MaxValue));
    }

    private ulong Feature(KernelContext context, CrossColumn column, long row, int feature)
    {
        if (column.IsText)
            return Bytes(column.Text(row, feature).Span);
        long number = column.Number(row, feature);
        if (Key is not null || (column.IsDense && Salt is null))
            return (ulong)number;
        // TensorFlow reads the memory that the number is the address of.
        return column.IsDense ? throw context.Fail("hashes the numbers of a dense column strongly, for which TensorFlow has no answer") : Bytes(BitConverter.GetBytes((int)number));
    }

    private ulong Bytes(ReadOnlySpan<byte> bytes) => Salt is var (first, second) ? StringHashes.Sip(bytes, first, second) : FarmHash.Fingerprint64(bytes);
}
