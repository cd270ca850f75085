namespace Decant.Benchmarking;

/// <summary>All steps of an op, or of ops that run in one step.</summary>
/// <param name="Ops">The op, or ops joined by <c>+</c>.</param>
/// <param name="Count">How many steps there are in one run.</param>
/// <param name="Time">Their time in one run.</param>
/// <param name="Share">Their share of the time of all steps, from 0 to 1.</param>
/// <param name="Flops">Their floating-point operations in one run.</param>
/// <param name="Bytes">Bytes that they read and write in one run.</param>
public sealed record OpProfile(string Ops, double Count, TimeSpan Time, double Share, long Flops, long Bytes)
{
    /// <summary>Floating-point operations per second, in units of 10^9; 0 where none are counted.</summary>
    public double GigaFlops => Time > TimeSpan.Zero ? Flops / Time.TotalSeconds / 1e9 : 0;

    /// <summary>Sums up steps by op, the one that takes most time first.</summary>
    public static IReadOnlyList<OpProfile> Sum(IReadOnlyCollection<StepProfile> steps)
    {
        // In whole ticks: seconds as floating-point numbers lose one here and there, which shows in steps of a few microseconds.
        long total = steps.Sum(s => s.Time.Ticks);
        return
        [
            .. steps.GroupBy(s => s.Ops)
                .Select(g => (Ops: g.Key, Time: new TimeSpan(g.Sum(s => s.Time.Ticks)), Steps: g))
                .Select(g => new OpProfile(g.Ops, g.Steps.Sum(s => s.Count), g.Time, total > 0 ? (double)g.Time.Ticks / total : 0, g.Steps.Sum(s => s.Flops), g.Steps.Sum(s => s.Bytes)))
                .OrderByDescending(o => o.Time).ThenBy(o => o.Ops, StringComparer.Ordinal),
        ];
    }
}
