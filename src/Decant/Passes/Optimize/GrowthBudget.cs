using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>By how many bytes edits together may make a model larger.</summary>
internal sealed class GrowthBudget(long most)
{
    private const double ShareOfConstants = 0.05;
    private const long OfEveryModel = 4096;

    private long _used;

    /// <summary>What is left.</summary>
    public long Left => most - _used;

    /// <summary>The usual budget: 4 KiB, and 5 % of what the constants take.</summary>
    public static GrowthBudget Of(Model model) =>
        new(OfEveryModel + (long)(ShareOfConstants * model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes).Sum(ConstantBytes.Of)));

    /// <summary>Takes these bytes, or gives back so many where they are negative; false when fewer are left.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > Left)
            return false;
        _used += bytes;
        return true;
    }
}
