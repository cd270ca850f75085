using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Threading;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_index_runs_exactly_once(int threads)
    {
        using WorkerPool pool = new(threads);
        for (int round = 0; round < 200; round++)
        {
            int n = round * 7 % 1000;
            int[] seen = new int[n];
            pool.For(n, 1 + (round % 5), (start, end) =>
            {
                for (int i = start; i < end; i++)
                    Interlocked.Increment(ref seen[i]);
            });
            Assert.All(seen, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Each_thread_begins_with_the_same_part_of_every_range()
    {
        using WorkerPool pool = new(2);
        int caller = Environment.CurrentManagedThreadId;
        for (int round = 0; round < 100; round++)
        {
            using Barrier both = new(2);
            int[] threads = new int[2];
            pool.For(2, 1, (start, _) =>
            {
                threads[start] = Environment.CurrentManagedThreadId;
                Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)));
            });
            Assert.Equal(caller, threads[0]);
            Assert.NotEqual(caller, threads[1]);
        }
    }

    [Fact]
    public void A_call_from_inside_a_job_runs_inline()
    {
        using WorkerPool pool = new(3);
        int total = 0;
        pool.For(8, 1, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                int thread = Environment.CurrentManagedThreadId;
                pool.For(10, 1, (a, b) =>
                {
                    Assert.Equal(thread, Environment.CurrentManagedThreadId);
                    Interlocked.Add(ref total, b - a);
                });
            }
        });
        Assert.Equal(80, total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_exception_reaches_the_caller_and_the_pool_still_works(int threads)
    {
        using WorkerPool pool = new(threads);
        for (int round = 0; round < 20; round++)
        {
            Assert.Throws<InvalidOperationException>(() => pool.For(100, 1, (start, _) =>
            {
                if (start >= 0)
                    throw new InvalidOperationException();
            }));
            int sum = 0;
            pool.For(100, 1, (start, end) => Interlocked.Add(ref sum, end - start));
            Assert.Equal(100, sum);
        }
    }

    [Fact]
    public void Calls_from_many_threads_all_complete()
    {
        using WorkerPool pool = new(3);
        long total = 0;
        Thread[] callers = new Thread[4];
        for (int t = 0; t < callers.Length; t++)
        {
            callers[t] = new Thread(() =>
            {
                for (int i = 0; i < 200; i++)
                    pool.For(64, 1, (start, end) => Interlocked.Add(ref total, end - start));
            });
            callers[t].Start();
        }

        foreach (Thread caller in callers)
            caller.Join();
        Assert.Equal(4 * 200 * 64, total);
    }

    [Fact]
    public void Steady_state_does_not_allocate()
    {
        using WorkerPool pool = new(2);
        long[] counter = [0];
        Count job = new(counter);
        for (int i = 0; i < 100; i++)
            pool.For(16, 1, job);
        // The runtime allocates once when a thread first has to wait, which may be in any round; what every run allocated would be in all.
        long[] rounds = [.. Enumerable.Range(0, 3).Select(_ => Allocated())];
        Assert.Contains(0, rounds);
        Assert.Equal(3100 * 16, counter[0]);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
                pool.For(16, 1, job);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void After_parking_the_workers_take_part_again()
    {
        using WorkerPool pool = new(2);
        for (int i = 0; i < 5; i++)
        {
            Thread.Sleep(20);
            int sum = 0;
            pool.For(1000, 1, (start, end) => Interlocked.Add(ref sum, end - start));
            Assert.Equal(1000, sum);
        }
    }

    [Fact]
    public void A_disposed_pool_runs_inline()
    {
        WorkerPool pool = new(2);
        pool.Dispose();
        pool.Dispose();
        int sum = 0;
        pool.For(10, 1, (start, end) => sum += end - start);
        Assert.Equal(10, sum);
    }

    private readonly struct Count(long[] counter) : IRangeJob
    {
        public void Run(int start, int end) => Interlocked.Add(ref counter[0], end - start);
    }
}
