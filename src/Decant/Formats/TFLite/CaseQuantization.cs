using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>
/// Branches of STABLEHLO_CASE take the scales of the tensors that they are called with. Those that declare none get them here as a
/// fact, which is not written.
/// </summary>
internal static class CaseQuantization
{
    private const string Case = "STABLEHLO_CASE";

    public static void HandOn(IReadOnlyList<Function> subgraphs)
    {
        Dictionary<string, Function> byName = subgraphs.ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (Node node in subgraphs.SelectMany(s => s.Nodes).Where(n => n.Op is { Dialect: Dialect.TFLite, Name: Case }))
        {
            foreach (FunctionAttr branch in node.Attributes["branch_subgraph_indices"] is ListAttr list ? list.Functions : [])
                HandOn(node, byName[branch.Name]);
        }
    }

    private static void HandOn(Node caller, Function branch)
    {
        for (int i = 0; i < branch.ArgNodes.Count && i + 1 < caller.Inputs.Count; i++)
        {
            if (caller.Inputs[i + 1] is { IsPresent: true } given)
                HandOn(given.Node.Fact(given.Port).Quantization, branch.ArgNodes[i]);
        }

        for (int i = 0; i < branch.Results.Count && i < caller.Tensors.Count; i++)
            HandOn(caller.Fact(i).Quantization, branch.Results[i].Value);
    }

    private static void HandOn(Quantization? quantization, Value to)
    {
        if (quantization is not { HasScale: true } || to.Node.Fact(to.Port) is not { Quantization: not { HasScale: true } } fact || to.Port >= to.Node.Facts.Count)
            return;
        Fact[] facts = [.. to.Node.Facts];
        facts[to.Port] = fact with { Quantization = quantization };
        to.Node.Facts = facts;
    }
}
