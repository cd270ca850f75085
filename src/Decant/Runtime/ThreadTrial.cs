namespace Decant.Runtime;

/// <summary>
/// Finds out whether a plan runs faster on all threads or on the caller's alone, by doing both in turn. Results are the same; short steps
/// spend more on moving lines of the cache between cores than they gain.
/// </summary>
internal sealed class ThreadTrial(int threads)
{
    /// <summary>Runs before the trial, in which code is still compiled.</summary>
    private const int WarmRuns = 16;

    /// <summary>Runs of one kind in a row. The first of them is not counted: it finds its data in the caches of the other kind.</summary>
    private const int BlockRuns = 7;

    private const int Blocks = 6;

    /// <summary>All threads are to be faster by a tenth: they take time from other programs, and are not always all there.</summary>
    private const double Gain = 1.1;

    private const int Counted = Blocks / 2 * (BlockRuns - 1);

    /// <summary>Runs after which the trial is repeated, since code and the machine's load change.</summary>
    private const int Period = 5000;

    /// <summary>Runs that take longer, 2 ms, have steps that gain from threads; running those on one would be felt.</summary>
    private static readonly TimeSpan LongRun = TimeSpan.FromMilliseconds(2);

    private readonly TimeSpan[] _shared = new TimeSpan[Counted];
    private readonly TimeSpan[] _alone = new TimeSpan[Counted];
    private int _run;

    /// <summary>Whether the next run is for all threads.</summary>
    public bool IsShared { get; private set; } = true;

    /// <summary>Whether the next run is to be timed.</summary>
    public bool IsTiming => threads > 1 && _run >= WarmRuns;

    /// <summary>Tells of a run that was not timed.</summary>
    public void Ran()
    {
        if (++_run == 0)
            (_run, IsShared) = (WarmRuns, true);
    }

    /// <summary>Tells how long a timed run took.</summary>
    public void Took(TimeSpan time)
    {
        (int block, int at) = Math.DivRem(_run++ - WarmRuns, BlockRuns);
        if (at > 0)
            (IsShared ? _shared : _alone)[(block / 2 * (BlockRuns - 1)) + at - 1] = time;
        if (block == 0 && at == BlockRuns - 1 && Median(_shared.AsSpan(0, at)) > LongRun)
        {
            _run = -Period;
        }
        else if (at == BlockRuns - 1)
        {
            IsShared = block % 2 == 1;
            if (block == Blocks - 1)
            {
                IsShared = Median(_shared) * Gain <= Median(_alone);
                _run = -Period;
            }
        }
    }

    private static TimeSpan Median(Span<TimeSpan> times)
    {
        times.Sort();
        return times[times.Length / 2];
    }
}
