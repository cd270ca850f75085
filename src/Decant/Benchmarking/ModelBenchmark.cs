using System.Diagnostics;
using Decant.Kernels.Peak;
using Decant.Kernels.Threading;

namespace Decant.Benchmarking;

/// <summary>Measures models: how long the first run and the others take, what memory they need, and where the time goes.</summary>
public static class ModelBenchmark
{
    private const int MostRuns = 100_000;

    /// <summary>Methods are compiled for speed when they have been called 30 times, in the background.</summary>
    private const int LeastWarmupRuns = 40;

    /// <summary>Measures a model on these inputs, which stay the same from run to run.</summary>
    /// <exception cref="ModelException">The model cannot be run on them.</exception>
    public static BenchmarkReport Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, BenchmarkOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new BenchmarkOptions();
        long start = Stopwatch.GetTimestamp();
        TimeSpan first, steadyFor = options.LeastTime;
        var times = new List<TimeSpan>();
        long allocated, intermediate;
        using (var session = new Session(model, Options(options, null)))
        using (PreparedRun run = session.Prepare(inputs, options.Outputs, options.Signature, cancellation))
        {
            first = Stopwatch.GetElapsedTime(start);
            WarmUp(run, options, cancellation);
            times.EnsureCapacity(options.Runs > 0 ? Math.Min(options.Runs, MostRuns) : MostRuns);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Repeat(run, options.Runs, steadyFor, options.LeastRuns, times, cancellation);
            allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / times.Count;
            intermediate = session.IntermediateBytes;
        }

        using var process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64;
        var recorder = new StepRecorder();
        if (options.ProfiledRuns > 0)
            Profile(model, inputs, options, recorder, cancellation);
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        return new BenchmarkReport
        {
            Threads = threads,
            FirstRun = first,
            Steady = Latency.Of(times),
            IntermediateBytes = intermediate,
            PeakResidentBytes = peak,
            AllocatedBytesPerRun = allocated,
            PeakGigaFlops = options.ProfiledRuns > 0 ? Peak(threads) : 0,
            Steps = recorder.Steps(),
            LastRun = recorder.Events,
        };
    }

    private static void Profile(Model model, IReadOnlyDictionary<string, Tensor> inputs, BenchmarkOptions options, StepRecorder recorder, CancellationToken cancellation)
    {
        using var session = new Session(model, Options(options, recorder));
        using PreparedRun run = session.Prepare(inputs, options.Outputs, options.Signature, cancellation);
        WarmUp(run, options, cancellation);
        recorder.Reset();
        for (int i = 0; i < options.ProfiledRuns; i++)
        {
            recorder.Begin();
            run.Run(cancellation);
        }
    }

    /// <summary>As many runs as are asked for, or a tenth of the time and as many as compilation takes, within twice the time.</summary>
    private static void WarmUp(PreparedRun run, BenchmarkOptions options, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        Repeat(run, options.WarmupRuns, options.LeastTime / 10, 1, null, cancellation);
        for (int i = 0; options.WarmupRuns == 0 && i < LeastWarmupRuns && Stopwatch.GetElapsedTime(begin) < options.LeastTime * 2; i++)
            run.Run(cancellation);
    }

    private static double Peak(int threads)
    {
        using var pool = new WorkerPool(threads);
        return FmaPeak.MeasureGigaFlops(pool);
    }

    private static SessionOptions Options(BenchmarkOptions options, StepRecorder? recorder) =>
        new() { Threads = options.Threads, Seed = 0, Ops = options.Ops, Observer = recorder };

    /// <summary>Runs a number of times, or when that is 0 for a time and at least so many times.</summary>
    private static void Repeat(PreparedRun run, int runs, TimeSpan time, int leastRuns, List<TimeSpan>? times, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < MostRuns && (runs > 0 ? i < runs : i < leastRuns || Stopwatch.GetElapsedTime(begin) < time); i++)
        {
            long start = Stopwatch.GetTimestamp();
            run.Run(cancellation);
            times?.Add(Stopwatch.GetElapsedTime(start));
        }
    }
}
