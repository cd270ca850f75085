using System.Numerics;

namespace Decant;

/// <summary>
/// Memory for intermediate results, handed out again when no tensor refers to it any more. Not safe for several threads at once.
/// </summary>
internal sealed class BufferPool
{
    // Four size classes to each doubling: at most a quarter of a block is unused.
    private readonly Stack<PooledBuffer>[] _free = [.. Enumerable.Range(0, 64 * 4).Select(_ => new Stack<PooledBuffer>())];

    /// <summary>Bytes that were taken from the system and neither given back nor left to others.</summary>
    public long Reserved { get; private set; }

    /// <summary>A block of at least this many bytes with one reference.</summary>
    /// <exception cref="OutOfMemoryException">The system does not give that much, or has not that much in all.</exception>
    public PooledBuffer Rent(long bytes)
    {
        (int sizeClass, long capacity) = SizeClass(bytes);
        if (_free[sizeClass].TryPop(out PooledBuffer? buffer))
        {
            buffer.AddReference();
            return buffer;
        }

        try
        {
            buffer = new PooledBuffer(this, sizeClass, capacity);
        }
        catch (OutOfMemoryException)
        {
            Trim();
            buffer = new PooledBuffer(this, sizeClass, capacity);
        }

        Reserved += capacity;
        return buffer;
    }

    /// <summary>Gives blocks that nothing refers to back to the system.</summary>
    public void Trim()
    {
        foreach (Stack<PooledBuffer> blocks in _free)
        {
            while (blocks.TryPop(out PooledBuffer? block))
            {
                Reserved -= block.Length;
                block.Dispose();
            }
        }
    }

    internal void Return(PooledBuffer buffer, int sizeClass) => _free[sizeClass].Push(buffer);

    internal void Leave(PooledBuffer buffer) => Reserved -= buffer.Length;

    private static (int Class, long Capacity) SizeClass(long bytes)
    {
        // No machine has more, and rounded up the largest would be none any more.
        bytes = Math.Clamp(bytes, AlignedBuffer.Alignment * 4, 1L << 62);
        int log = BitOperations.Log2((ulong)bytes);
        long quarter = 1L << (log - 2);
        long capacity = (bytes + quarter - 1) / quarter * quarter;
        int quarters = (int)(capacity / quarter) - 4;
        return quarters == 4 ? ((log + 1) * 4, capacity) : (log * 4 + quarters, capacity);
    }
}

/// <summary>A block of a <see cref="BufferPool"/>, to which it returns when its last counted reference is released, or of nobody.</summary>
internal sealed class PooledBuffer : BufferOwner
{
    private readonly int _sizeClass;
    private BufferPool? _pool;
    private int _references = 1;

    internal PooledBuffer(BufferPool? pool, int sizeClass, long capacity)
    {
        _pool = pool;
        _sizeClass = sizeClass;
        Allocate(capacity);
    }

    /// <summary>A block of its own with one reference, for a maker that writes it again (<see cref="IsReused"/>).</summary>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public static PooledBuffer Reused(long bytes) => new(null, 0, Math.Max(bytes, AlignedBuffer.Alignment)) { IsReused = true };

    /// <summary>
    /// Whether it is written again as soon as its maker has the only reference: results of a function lie in such a block. What is to
    /// outlive the run is copied out of it.
    /// </summary>
    public bool IsReused { get; init; }

    public void AddReference() => _references++;

    /// <summary>Whether nothing else refers to the block, so that a kernel may write over it.</summary>
    public bool IsUnique => _references == 1;

    public void Release()
    {
        if (--_references > 0)
            return;
        if (_pool is null)
            Dispose();
        else
            _pool.Return(this, _sizeClass);
    }

    /// <summary>Takes it out of its pool for good: the caller has a reference that is never released, and leaves it to the garbage collector.</summary>
    public void Leave()
    {
        _pool?.Leave(this);
        _pool = null;
    }
}
