namespace Decant.Runtime;

/// <summary>
/// Finds out whether a plan runs faster on all threads or on the caller's alone, by doing both in turn. Results are the same; short steps
/// spend more on moving lines of the cache between cores than they gain.
/// </summary>
internal sealed class ThreadTrial
{
    /// <summary>Runs of one kind in a row. The first of them is not counted: it finds its data in the caches of the other kind.</summary>
    private const int BlockRuns = 7;

    private const int Blocks = 6;
    private const int Counted = Blocks / 2 * (BlockRuns - 1);

    /// <summary>All threads are to be faster by a tenth: they take time from other programs, and are not always all there.</summary>
    private const double Gain = 1.1;

    /// <summary>Runs that take longer, 2 ms, have steps that gain from threads; running those on one would be felt.</summary>
    private static readonly TimeSpan LongRun = TimeSpan.FromMilliseconds(2);

    // The trial is repeated, since at first the other processors compile, and the machine's load changes: after twice as long each time.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;
    private readonly bool _hasChoice;
    private readonly TimeSpan[] _shared = new TimeSpan[Counted];
    private readonly TimeSpan[] _alone = new TimeSpan[Counted];
    private TimeSpan _pause = FirstPause;
    private long _end;
    private int _run;

    /// <summary>A trial for a pool of threads.</summary>
    public ThreadTrial(int threads, TimeProvider clock) => (_hasChoice, _clock, _end) = (threads > 1, clock, clock.GetTimestamp());

    /// <summary>Whether the next run is for all threads.</summary>
    public bool IsShared { get; private set; } = true;

    /// <summary>Whether the next run is to be timed.</summary>
    public bool IsTiming { get; private set; }

    /// <summary>Tells of a run that was not timed.</summary>
    public void Ran()
    {
        if (_hasChoice && _clock.GetElapsedTime(_end) >= _pause)
            (_run, IsShared, IsTiming) = (0, true, true);
    }

    /// <summary>Tells how long a timed run took.</summary>
    public void Took(TimeSpan time)
    {
        (int block, int at) = Math.DivRem(_run++, BlockRuns);
        if (at > 0)
            (IsShared ? _shared : _alone)[(block / 2 * (BlockRuns - 1)) + at - 1] = time;
        if (at < BlockRuns - 1)
            return;
        if (block == 0 && Median(_shared.AsSpan(0, at)) > LongRun)
            End(true);
        else if (block == Blocks - 1)
            End(Median(_shared) * Gain <= Median(_alone));
        else
            IsShared = block % 2 == 1;
    }

    private void End(bool isShared)
    {
        (IsShared, IsTiming, _end) = (isShared, false, _clock.GetTimestamp());
        _pause = _pause * 2 < LastPause ? _pause * 2 : LastPause;
    }

    private static TimeSpan Median(Span<TimeSpan> times)
    {
        times.Sort();
        return times[times.Length / 2];
    }
}
