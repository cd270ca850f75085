namespace Decant.Runtime;

/// <summary>Memory that a kernel asked for in a run that is being planned.</summary>
/// <param name="dtype">The type of its elements.</param>
/// <param name="shape">Their shape.</param>
/// <param name="step">The step that asked.</param>
internal sealed class MemoryBlock(DType dtype, Shape shape, int step)
{
    /// <summary>Alignment of blocks in the arena: a cache line.</summary>
    private const int Alignment = AlignedBuffer.Alignment;

    /// <summary>Blocks that are arranged: finding places for more takes longer than their memory is worth.</summary>
    private const int MostArranged = 4096;

    private MemoryBlock? _under;
    private bool _isUnplanned;

    public DType DType { get; } = dtype;

    public Shape Shape { get; } = shape;

    public long Bytes { get; } = Tensor.ByteCount(dtype, shape);

    /// <summary>The bytes it takes in the arena.</summary>
    public long Size => (Bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>The step that writes it first.</summary>
    public int First { get; } = step;

    /// <summary>The last step that reads it.</summary>
    public int Last { get; set; } = step;

    /// <summary>Whether it has a place in the plan; what a kernel keeps or a run gives away has none.</summary>
    public bool IsPlanned
    {
        get => !Root._isUnplanned;
        set => _isUnplanned = !value;
    }

    /// <summary>Whether it is read after the run.</summary>
    public bool IsResult { get; set; }

    /// <summary>Where it lies; the memory of <see cref="Root"/> where blocks share one.</summary>
    public long Offset { get; set; }

    /// <summary>The block whose place this one has taken over, or itself.</summary>
    public MemoryBlock Root => _under?.Root ?? this;

    /// <summary>Writes this block over another, which is not read after this one's first step.</summary>
    public void LieOver(MemoryBlock other)
    {
        _under = other.Root;
        _under.Last = Math.Max(_under.Last, Last);
    }

    /// <summary>
    /// Gives blocks their offsets so that those that live at the same time do not overlap: one after the other at the lowest
    /// offset that is free for its life, the largest first or, where that takes less, in the order of their steps. Of very many,
    /// the smallest are not planned.
    /// </summary>
    /// <returns>The bytes that all of them take.</returns>
    public static long Arrange(IEnumerable<MemoryBlock> blocks)
    {
        MemoryBlock[] bySize = [.. blocks.OrderByDescending(b => b.Size).ThenBy(b => b.First)];
        foreach (MemoryBlock small in bySize.Skip(MostArranged))
            small.IsPlanned = false;
        bySize = [.. bySize.Take(MostArranged)];
        MemoryBlock[] byStep = [.. bySize.OrderBy(b => b.First).ThenByDescending(b => b.Size)];
        long total = Place(byStep), other = Place(bySize);
        return other <= total ? other : Place(byStep);
    }

    private static long Place(MemoryBlock[] blocks)
    {
        List<MemoryBlock> placed = [];
        long total = 0;
        foreach (MemoryBlock block in blocks)
        {
            long offset = 0;
            foreach (MemoryBlock other in placed)
            {
                bool together = other.First <= block.Last && block.First <= other.Last;
                if (together && other.Offset < offset + block.Size && offset < other.Offset + other.Size)
                    offset = other.Offset + other.Size;
            }

            block.Offset = offset;
            total = Math.Max(total, offset + block.Size);
            int at = placed.FindIndex(p => p.Offset > offset);
            placed.Insert(at < 0 ? placed.Count : at, block);
        }

        return total;
    }
}
