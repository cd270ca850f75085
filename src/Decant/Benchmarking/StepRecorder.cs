using System.Diagnostics;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Benchmarking;

/// <summary>Sums up the steps of runs, and keeps those of the last one.</summary>
internal sealed class StepRecorder : IStepObserver
{
    private readonly Dictionary<(Node Node, int Depth), Sum> _sums = [];
    private readonly List<Sum> _order = [];

    // For each depth, the time of the steps that have ended there since a step above them ended.
    private readonly List<long> _inner = [];
    private int _runs;

    /// <summary>The steps of the run that goes on, or of the last.</summary>
    public List<StepTiming> Events { get; } = [];

    /// <summary>Forgets all runs, so that those of the warmup do not count.</summary>
    public void Reset()
    {
        _sums.Clear();
        _order.Clear();
        _runs = 0;
    }

    /// <summary>A run begins.</summary>
    public void Begin()
    {
        _runs++;
        _inner.Clear();
        Events.Clear();
    }

    public void Observe(in StepTiming step)
    {
        Events.Add(step);
        while (_inner.Count < step.Depth + 2)
            _inner.Add(0);
        long ticks = step.Ended - step.Started;
        long own = ticks - _inner[step.Depth + 1];
        _inner[step.Depth + 1] = 0;
        _inner[step.Depth] += ticks;
        if (!_sums.TryGetValue((step.Node, step.Depth), out Sum? sum))
        {
            _sums.Add((step.Node, step.Depth), sum = new Sum(step));
            _order.Add(sum);
        }

        sum.Count++;
        sum.Ticks += own;
        sum.Flops += step.Flops;
        sum.Bytes += step.BytesRead + step.BytesWritten;
    }

    /// <summary>The means over the runs since the last <see cref="Reset"/>, in the order in which steps ended first.</summary>
    public IReadOnlyList<StepProfile> Steps() =>
    [
        .. _order.Select(s => new StepProfile(
            s.First.Node, s.First.Fused, s.First.Depth, (double)s.Count / _runs, Time(s.Ticks), s.Flops / _runs, s.Bytes / _runs)),
    ];

    /// <summary>The mean over the runs; the least that a <see cref="TimeSpan"/> can say for steps that take less.</summary>
    private TimeSpan Time(long ticks) => TimeSpan.FromTicks(Math.Max(1, (long)Math.Round((double)ticks / Stopwatch.Frequency / _runs * TimeSpan.TicksPerSecond)));

    private sealed class Sum(StepTiming first)
    {
        public StepTiming First => first;

        public long Count { get; set; }

        public long Ticks { get; set; }

        public long Flops { get; set; }

        public long Bytes { get; set; }
    }
}
