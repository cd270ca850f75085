using System.Globalization;
using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>
/// Removes what no output needs, in one edit. In a function also what has an effect is needed, as a body is run for that too.
/// </summary>
internal sealed class Prune() : Pass("prune")
{
    public override IEnumerable<Patch> Patches(PassContext context)
    {
        IEnumerable<Node> effects = context.Graph is Function ? context.Graph.Nodes.Where(n => Effects.HasEffect(n, context.Model.Functions) && !Effects.OnlyReads(n)) : [];
        HashSet<Node> needed = Reach.Backward(context.Kept.Concat(effects));
        Node[] unneeded = [.. context.Graph.Nodes.Where(n => !needed.Contains(n))];
        if (unneeded.Length > 0)
            yield return new Patch(string.Create(CultureInfo.InvariantCulture, $"{Name}: {unneeded.Length} nodes, {unneeded[0].Name} the first")).Remove(unneeded);
    }
}
