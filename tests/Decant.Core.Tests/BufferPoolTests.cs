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
}
