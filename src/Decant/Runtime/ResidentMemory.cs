namespace Decant.Runtime;

/// <summary>
/// The memory of a process that makes and drops large things in turn. What kernels packed has no other owner than the collector, which would
/// wait until much more has come together; asked each time, it would empty the pools of arrays, which are dear to fill again.
/// </summary>
internal sealed class ResidentMemory
{
    /// <summary>So much more may be resident before the collector is asked for what it has not given back.</summary>
    private const long Slack = 64L << 20;

    private readonly long _first = Environment.WorkingSet;

    /// <summary>Gives back what nobody refers to, when it is much.</summary>
    public void Collect()
    {
        if (Environment.WorkingSet < _first + Slack)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }
}
