using System.Runtime.CompilerServices;

namespace Decant.Core.Tests;

public sealed class BufferPoolTests
{
    [Fact]
    public void A_pool_takes_no_more_than_the_machine_has()
    {
        var pool = new BufferPool();
        long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, part = all / 16;
        List<PooledBuffer> held = [];
        Assert.Throws<OutOfMemoryException>(() =>
        {
            // Nothing is written to them, so that the system gives none of it.
            while (held.Count <= 16)
                held.Add(pool.Rent(part));
        });
        Assert.InRange(held.Count, 12, 16);
        held[0].Release();
        PooledBuffer other = pool.Rent(part / 2);
        other.Release();
        foreach (PooledBuffer buffer in held.Skip(1))
            buffer.Release();
        pool.Trim();
        Assert.Equal(0, pool.Reserved);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 62)]
    [InlineData(1L << 50)]
    public void More_than_any_machine_has_is_out_of_memory(long bytes)
    {
        Assert.Throws<OutOfMemoryException>(() => new BufferPool().Rent(bytes));
        Assert.Throws<OutOfMemoryException>(() => PooledBuffer.Reused(bytes));
        Assert.Throws<OutOfMemoryException>(() => new AlignedBuffer(bytes));
        Assert.Throws<OutOfMemoryException>(() => new Arena().Reserve(bytes));
    }

    [Fact]
    public void A_block_that_was_left_counts_no_more()
    {
        var pool = new BufferPool();
        long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, part = all / 8;
        for (int i = 0; i < 20; i++)
            pool.Rent(part).Leave();
        Assert.Equal(0, pool.Reserved);
    }

    [Fact]
    public void A_span_keeps_its_block()
    {
        var pool = new BufferPool();
        ReadOnlySpan<byte> block = Filled(pool.Rent(1 << 20), 7), other = Filled(new AlignedBuffer(1 << 20), 8), arena = Filled(Reserved(1 << 20), 9);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Filled(pool.Rent(1 << 20), 1);
            Filled(new AlignedBuffer(1 << 20), 2);
        }

        Assert.Equal((-1, -1, -1), (block.IndexOfAnyExcept((byte)7), other.IndexOfAnyExcept((byte)8), arena.IndexOfAnyExcept((byte)9)));
    }

    [Fact]
    public void Memory_is_aligned_and_may_be_longer_than_an_array()
    {
        var random = new Random(3);
        for (int i = 0; i < 20; i++)
        {
            var memory = new AlignedBuffer(random.Next(1, 10_000), zeroed: true);
            Assert.True(IsAligned(memory));
            Assert.Equal(-1, new BufferSlice(memory, 0, memory.Length).Span.IndexOfAnyExcept((byte)0));
        }

        var large = new AlignedBuffer(5L << 30);
        Assert.Equal(5L << 30, large.Length);
        Filled(large, 5, large.Length - 3, 3);
        Assert.Equal([5, 5, 5], new BufferSlice(large, large.Length - 3, 3).ToArray());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> Filled(BufferOwner memory, byte value) => Filled(memory, value, 0, 1 << 20);

    private static ReadOnlySpan<byte> Filled(BufferOwner memory, byte value, long offset, long length)
    {
        var slice = new BufferSlice(memory, offset, length);
        slice.AsMutable<byte>().Fill(value);
        return slice.Span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Arena Reserved(long bytes)
    {
        var arena = new Arena();
        arena.Reserve(bytes);
        return arena;
    }

    private static bool IsAligned(BufferOwner memory) =>
        Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref new BufferSlice(memory, 0, memory.Length).AsMutable<byte>()[0]) % AlignedBuffer.Alignment == 0;
}
