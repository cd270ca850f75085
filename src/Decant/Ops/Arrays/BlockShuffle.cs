using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>
/// The geometry between a tensor in space, [n, s1, ..., sM, rest], and in blocks, [n * b1*...*bM, t1, ..., tM, rest]:
/// block (o1*...*bM + ...) * n + i holds, at t, element t*b + o - before of space i.
/// </summary>
internal sealed class BlockShuffle
{
    // How more blocks are copied is found again each time.
    private const int MostKept = 64;

    private readonly long[] _block;
    private readonly long[] _before;
    private readonly bool _toBlocks;
    private BlockCopy[]? _copies;

    private BlockShuffle(long[] block, long[] before, Shape space, Shape blocks, bool toBlocks) => (_block, _before, Space, Blocks, _toBlocks) = (block, before, space, blocks, toBlocks);

    /// <summary>The shape in space, as far as it is known.</summary>
    public Shape Space { get; }

    /// <summary>The shape in blocks, as far as it is known.</summary>
    public Shape Blocks { get; }

    /// <summary>The geometry of space-to-batch: space is padded before and after.</summary>
    public static BlockShuffle FromSpace(Node node, Shape space, long[] block, long[] paddings)
    {
        long product = Check(node, space, block, paddings);
        long[] dims = space.Dims.ToArray();
        dims[0] = dims[0] < 0 ? -1 : dims[0] * product;
        for (int i = 0; i < block.Length; i++)
        {
            if (dims[i + 1] < 0)
                continue;
            long padded = dims[i + 1] + paddings[2 * i] + paddings[(2 * i) + 1];
            dims[i + 1] = padded % block[i] == 0 ? padded / block[i] : throw node.Fault($"dimension {i + 1} of shape {space} is {padded} with its paddings, expected a multiple of the block size {block[i]}");
        }

        return new(block, Before(paddings), space, new Shape(dims), toBlocks: true);
    }

    /// <summary>The geometry of batch-to-space: space is cropped before and after.</summary>
    public static BlockShuffle FromBlocks(Node node, Shape blocks, long[] block, long[] crops)
    {
        long product = Check(node, blocks, block, crops);
        long[] dims = blocks.Dims.ToArray();
        if (dims[0] >= 0 && dims[0] % product != 0)
            throw node.Fault($"the batch of shape {blocks} is not a multiple of the product {product} of the block sizes");
        dims[0] = dims[0] < 0 ? -1 : dims[0] / product;
        for (int i = 0; i < block.Length; i++)
        {
            if (dims[i + 1] < 0)
                continue;
            dims[i + 1] = (dims[i + 1] * block[i]) - crops[2 * i] - crops[(2 * i) + 1];
            if (dims[i + 1] < 0)
                throw node.Fault($"the crops of dimension {i + 1} take more than there is in shape {blocks}");
        }

        return new(block, Before(crops), new Shape(dims), blocks, toBlocks: false);
    }

    /// <summary>Copies every element that is inside of space, from where it is to where it belongs.</summary>
    public void Copy<T>(ReadOnlySpan<T> source, Span<T> target)
    {
        if (source.IsEmpty || target.IsEmpty)
            return;
        if (Blocks[0] / Space[0] > MostKept)
        {
            foreach (BlockCopy copy in Copies())
                copy.Box.Copy(source, copy.Source, target, copy.Target);
            return;
        }

        _copies ??= [.. Copies()];
        foreach (BlockCopy copy in _copies)
            copy.Box.Copy(source, copy.Source, target, copy.Target);
    }

    /// <summary>What is copied of each block.</summary>
    private IEnumerable<BlockCopy> Copies()
    {
        int[] spaceStrides = Axes.Strides(Space.Dims), blockStrides = Axes.Strides(Blocks.Dims);
        long blockCount = Blocks[0] / Space[0];
        long[] offset = new long[_block.Length];
        for (int b = 0; b < blockCount; b++)
        {
            if (CopyOf(offset, b * (int)Space[0] * blockStrides[0], spaceStrides, blockStrides) is { } copy)
                yield return copy;
            for (int i = offset.Length - 1; i >= 0 && ++offset[i] == _block[i]; i--)
                offset[i] = 0;
        }
    }

    private BlockCopy? CopyOf(long[] offset, int blockStart, int[] spaceStrides, int[] blockStrides)
    {
        long[] counts = Space.Dims.ToArray();
        int[] spaceSteps = [.. spaceStrides];
        int spaceStart = 0;
        for (int i = 0; i < offset.Length; i++)
        {
            int axis = i + 1;
            long shift = offset[i] - _before[i];
            long first = Math.Max(0, CeilDivide(-shift, _block[i]));
            long end = Math.Min(Blocks[axis], CeilDivide(Space[axis] - shift, _block[i]));
            if (end <= first)
                return null;
            counts[axis] = end - first;
            spaceStart += (int)((first * _block[i]) + shift) * spaceStrides[axis];
            blockStart += (int)first * blockStrides[axis];
            spaceSteps[axis] = counts[axis] > 1 ? spaceStrides[axis] * (int)_block[i] : spaceStrides[axis];
        }

        return _toBlocks ? new BlockCopy(new Window(counts, spaceSteps, blockStrides), spaceStart, blockStart) : new BlockCopy(new Window(counts, blockStrides, spaceSteps), blockStart, spaceStart);
    }

    private static long CeilDivide(long a, long b) => a <= 0 ? -(-a / b) : ((a - 1) / b) + 1;

    private static long[] Before(long[] paddings) => [.. paddings.Where((_, i) => i % 2 == 0)];

    private static long Check(Node node, Shape shape, long[] block, long[] amounts)
    {
        if (shape.Rank < block.Length + 1 || amounts.Length != 2 * block.Length)
            throw node.Fault($"there are {block.Length} block sizes and {amounts.Length} paddings or crops for shape {shape}, expected two of the latter for each of the former, and a batch dimension before them");
        long product = 1;
        foreach (long size in block)
        {
            if (size is < 1 or > int.MaxValue || (product *= size) > int.MaxValue)
                throw node.Fault($"the block sizes are [{string.Join(',', block)}], expected sizes of at least 1 with a product below 2^31");
        }

        return Array.TrueForAll(amounts, a => a is >= 0 and <= int.MaxValue) ? product
            : throw node.Fault($"the paddings or crops are [{string.Join(',', amounts)}], expected none below 0");
    }

    /// <summary>A box of elements, and where its first one is in the source and in the target.</summary>
    private readonly record struct BlockCopy(Window Box, int Source, int Target);
}
