using Decant.IR;
using Decant.Passes;
using Decant.Passes.ControlFlow;

namespace Decant;

/// <summary>
/// Makes one flat graph of the part of a model that runs: what the values need, with TF1's control flow raised and the calls of
/// functions inlined. Apart from <see cref="Session"/>, so that an app whose models are flat already does not carry it.
/// </summary>
internal static class Flattening
{
    /// <summary>The part of a model that the fetches need, where the feeds are given. Nodes of both keep their names.</summary>
    public static Model Run(Model model, Value[] feeds, Value[] fetches)
    {
        Model part = ExtractSubgraph.Run(model, feeds, fetches);
        Value[] named = [.. feeds.Concat(fetches)];
        if (part.Graph.HasControlFlow() || part.Functions.Values.Any(f => f.HasControlFlow()))
            part = RaiseControlFlow.Run(part, [.. named.Select(v => v with { Node = part.Graph[v.Node.Name] })]);
        try
        {
            return InlineFunctions.Run(part, [.. named.Select(v => v.Node.Name)]);
        }
        catch (ModelException e) when (e.Diagnostics is [{ Code: var code }] && code == PassErrors.CannotInline)
        {
            // Functions that call themselves are called as they run.
            return part;
        }
    }
}
