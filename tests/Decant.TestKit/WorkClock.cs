using System.Diagnostics;
using System.Globalization;

namespace Decant.TestKit;

/// <summary>
/// Measures how long the calling thread works: its processor time, where the system tells it (Linux), so that a busy machine does not
/// count. A tenth of the clock's time counts in any case, as threads wait for others that work too long.
/// </summary>
public readonly struct WorkClock
{
    private readonly long _start;
    private readonly TimeSpan? _worked;

    private WorkClock(long start, TimeSpan? worked) => (_start, _worked) = (start, worked);

    /// <summary>Begins to measure.</summary>
    public static WorkClock Start() => new(Stopwatch.GetTimestamp(), ThreadTime());

    /// <summary>What the thread, which has to be the one that began, has worked since.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            TimeSpan passed = Stopwatch.GetElapsedTime(_start);
            if (ThreadTime() is not { } now || _worked is not { } before)
                return passed;
            return TimeSpan.FromTicks(Math.Max((now - before).Ticks, passed.Ticks / 10));
        }
    }

    /// <summary>The first number is the time on a processor, in nanoseconds.</summary>
    private static TimeSpan? ThreadTime() => OperatingSystem.IsLinux() && File.Exists("/proc/thread-self/schedstat")
        ? TimeSpan.FromTicks(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick)
        : null;
}
