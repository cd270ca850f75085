using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Decant.Kernels.Threading;

/// <summary>
/// A persistent pool of threads that splits an index range. Entering costs well under a microsecond while the
/// workers still spin, and allocates nothing. A call from inside a job, or while another thread uses the pool,
/// runs inline. How a range is split never changes a result: kernels give each output element to one index.
/// Each thread begins with a part of its own, the same of every range, and then helps the others: what one op wrote is
/// mostly in the cache of the core that reads it in the next.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    private const long Open = 1L << 32;
    private const long EpochStep = 1L << 33;
    private const long ActiveMask = Open - 1;
    private const int ChunksPerThread = 4;

    // Of one pause each, about 40 ns: how long a worker waits for the next op before it sleeps, and the caller for the last worker.
    private const int SpinRounds = 3200;

    // How long a thread leaves the others their parts before it helps: what these read and write is in the caches of other cores.
    private const int GraceRounds = 50;

    private static readonly Lazy<WorkerPool> SharedPool = new(() => new WorkerPool(Environment.ProcessorCount));

    [ThreadStatic]
    private static bool insideJob;

    private readonly SemaphoreSlim wake = new(0);
    private int parked;
    private int busy;
    private volatile bool disposed;

    // Epoch, open bit and the number of workers inside the job, in one word so that joining is one exchange.
    private long state;

    private delegate*<void*, int, int, void> function;
    private void* argument;
    private int length;
    private int chunks;
    private ExceptionDispatchInfo? failure;

    // What is left of each thread's part of the range.
    private readonly Part[] parts;

    /// <summary>A pool of <paramref name="threads"/> threads, the caller among them; 1 runs everything inline.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 1024 threads.</exception>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Threads = threads;
        parts = new Part[threads];
        for (int i = 1; i < threads; i++)
        {
            int self = i;
            new Thread(() => Work(self)) { IsBackground = true, Name = $"decant-{i}" }.Start();
        }
    }

    /// <summary>The process-wide pool with one thread per processor; never dispose it.</summary>
    public static WorkerPool Shared => SharedPool.Value;

    /// <summary>Runs everything on the calling thread.</summary>
    public static WorkerPool Inline { get; } = new(1);

    /// <summary>How many threads share the work, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="job"/> over [0, n) in pieces of at least <paramref name="grain"/> indices; returns when all are done.</summary>
    public void For<TJob>(int n, int grain, TJob job)
        where TJob : struct, IRangeJob
    {
        if (n <= 0)
            return;
        grain = Math.Max(grain, 1);
        if (Threads == 1 || n <= grain || insideJob || disposed || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            job.Run(0, n);
            return;
        }

        try
        {
            // The job lives in this frame, which outlasts every worker's use of the pointer.
            Dispatch(n, grain, &Invoke<TJob>, Unsafe.AsPointer(ref job));
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Runs <paramref name="body"/>(start, end) over [0, n); allocates for the closure, so not for hot kernels.</summary>
    public void For(int n, int grain, Action<int, int> body) => For(n, grain, new ActionJob(body));

    /// <summary>Stops the workers; later calls run inline.</summary>
    public void Dispose()
    {
        if (disposed || Threads == 1)
            return;
        disposed = true;
        wake.Release(Threads);
    }

    private static void Invoke<TJob>(void* job, int start, int end)
        where TJob : struct, IRangeJob => Unsafe.AsRef<TJob>(job).Run(start, end);

    private void Dispatch(int n, int grain, delegate*<void*, int, int, void> invoke, void* job)
    {
        // As many chunks for each thread: the parts are then the same of every range.
        int count = (int)Math.Min(((long)n + grain - 1) / grain, (long)Threads * ChunksPerThread);
        if (count > Threads)
            count -= count % Threads;
        function = invoke;
        argument = job;
        length = n;
        chunks = count;
        for (int i = 0; i < parts.Length; i++)
            (parts[i].Next, parts[i].End) = ((int)((long)count * i / parts.Length), (int)((long)count * (i + 1) / parts.Length));
        failure = null;
        Interlocked.Exchange(ref state, ((state & ~ActiveMask & ~Open) + EpochStep) | Open);

        int sleepers = Math.Min(Volatile.Read(ref parked), count - 1);
        if (sleepers > 0)
        {
            Interlocked.Add(ref parked, -sleepers);
            wake.Release(sleepers);
        }

        RunChunks(0);
        Interlocked.And(ref state, ~Open);
        for (int i = 0; (Volatile.Read(ref state) & ActiveMask) != 0; i++)
        {
            if (i < SpinRounds)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }

        ExceptionDispatchInfo? thrown = failure;
        failure = null;
        thrown?.Throw();
    }

    private void RunChunks(int self)
    {
        insideJob = true;
        try
        {
            for (int i = 0; i < parts.Length; i++)
            {
                ref Part part = ref parts[(self + i) % parts.Length];
                int end = part.End;
                for (int round = 0; i > 0 && round < GraceRounds && Volatile.Read(ref part.Next) < end; round++)
                    Thread.SpinWait(1);
                for (int at; Volatile.Read(ref part.Next) < end && (at = Interlocked.Increment(ref part.Next) - 1) < end;)
                    function(argument, (int)((long)length * at / chunks), (int)((long)length * (at + 1) / chunks));
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            for (int i = 0; i < parts.Length; i++)
                Volatile.Write(ref parts[i].Next, int.MaxValue / 2);
        }
        finally
        {
            insideJob = false;
        }
    }

    private void Work(int self)
    {
        long seen = 0;
        while (!disposed)
        {
            long current = WaitForJob(seen);
            if ((current & Open) == 0)
                continue;
            seen = current & ~ActiveMask;
            if (!Join(seen))
                continue;
            RunChunks(self);
            Interlocked.Decrement(ref state);
        }
    }

    private bool Join(long epoch)
    {
        while (true)
        {
            long current = Volatile.Read(ref state);
            if ((current & ~ActiveMask) != epoch)
                return false;
            if (Interlocked.CompareExchange(ref state, current + 1, current) == current)
                return true;
        }
    }

    private long WaitForJob(long seen)
    {
        for (int i = 0; i < SpinRounds; i++)
        {
            long current = Volatile.Read(ref state);
            if (IsNew(current, seen))
                return current;
            Thread.SpinWait(1);
        }

        Interlocked.Increment(ref parked);
        if (!IsNew(Volatile.Read(ref state), seen) && !disposed)
            wake.Wait();
        return IsNew(Volatile.Read(ref state), seen) ? Volatile.Read(ref state) : 0;
    }

    private static bool IsNew(long current, long seen) => (current & Open) != 0 && (current & ~ActiveMask) != seen;

    /// <summary>Indices of chunks, alone in its cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Part
    {
        [FieldOffset(0)]
        public int Next;

        [FieldOffset(4)]
        public int End;
    }

    private readonly struct ActionJob(Action<int, int> body) : IRangeJob
    {
        public void Run(int start, int end) => body(start, end);
    }
}
