using Decant.TestKit;

namespace Decant.Tests.Hostile;

/// <summary>
/// Runs cases that may succeed or throw a <see cref="ModelException"/> and nothing else, within two seconds of work and 100 MB of
/// managed memory each. What came out worst is kept for the report.
/// </summary>
internal sealed class Attempt
{
    private const long MostBytes = 100_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // A case that takes too long is run again before it counts: code compiled for the first time is no fault.
    private const int Tries = 3;

    private readonly List<string> _faults = [];

    public int Cases { get; private set; }

    public int Refused { get; private set; }

    public TimeSpan WorstTime { get; private set; }

    public long WorstBytes { get; private set; }

    public string WorstTimeCase { get; private set; } = "";

    public string WorstBytesCase { get; private set; } = "";

    /// <summary>Runs one case.</summary>
    /// <returns>Why it was refused, or null when it succeeded or is a fault of ours.</returns>
    public ModelException? Run(string name, Action read)
    {
        Cases++;
        ModelException? refusal = null;
        TimeSpan time = TimeSpan.MaxValue;
        long bytes = long.MaxValue;
        for (int i = 0; i < Tries && (time > Longest || bytes > MostBytes); i++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = WorkClock.Start();
            try
            {
                read();
                refusal = null;
            }
            catch (ModelException e)
            {
                refusal = e;
            }
            catch (Exception e)
            {
                _faults.Add($"{name}: {e.GetType().Name} escaped: {e.Message}\n{Top(e)}");
                return null;
            }

            time = Min(time, clock.Elapsed);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        if (time > Longest)
            _faults.Add($"{name}: took {time.TotalSeconds:F1} s");
        if (bytes > MostBytes)
            _faults.Add($"{name}: allocated {bytes / 1e6:F0} MB");
        if (refusal is not null)
            CheckRefusal(name, refusal);
        if (time > WorstTime)
            (WorstTime, WorstTimeCase) = (time, name);
        if (bytes > WorstBytes)
            (WorstBytes, WorstBytesCase) = (bytes, name);
        return refusal;
    }

    /// <summary>Fails with what escaped, the same fault once.</summary>
    public void AssertNoFaults() => Assert.True(
        _faults.Count == 0, $"{_faults.Count} faults in {Cases} cases:\n{string.Join("\n\n", _faults.DistinctBy(f => f[(f.IndexOf(": ", StringComparison.Ordinal) + 1)..]).Take(20))}");

    public override string ToString() =>
        $"{Cases} cases, {Refused} refused, {Cases - Refused} read; worst {WorstTime.TotalMilliseconds:F0} ms ({WorstTimeCase}), {WorstBytes / 1e6:F1} MB ({WorstBytesCase})";

    private void CheckRefusal(string name, ModelException refusal)
    {
        Refused++;
        if (refusal.Diagnostics.Count == 0 || refusal.Diagnostics.Any(d => d.Location is not { } at || at.ToString().Length == 0))
            _faults.Add($"{name}: the error has no location: {refusal.Message}");
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Top(Exception e) => string.Join('\n', (e.StackTrace ?? "").Split('\n').Take(8));
}
