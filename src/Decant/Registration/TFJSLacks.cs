using Decant.IR;
using Decant.Lowering;

namespace Decant.Registration;

/// <summary>What models need that TensorFlow.js lacks, found by converting them.</summary>
internal static class TFJSLacks
{
    /// <summary>The kernels that conversions are refused for, with the reasons; null when one of the models cannot be frozen, or nodes are asked for that no conversion takes.</summary>
    public static IReadOnlyList<(NeededKernel Kernel, string Why)>? Of(OpSelection selection)
    {
        if (selection.AllNodes)
            return null;
        try
        {
            var lacks = new Dictionary<string, (NeededKernel Kernel, string Why, HashSet<NodePlace> Places)>(StringComparer.Ordinal);
            foreach (Model model in selection.Models)
            {
                foreach (string? key in selection.Outputs is null ? OpSelection.Signatures(model) : [null])
                {
                    foreach (TFJSLack lack in TFJSPreparation.Of(model, new TFJSConvertOptions { Signature = key, Outputs = selection.Outputs }, model.ValueOf).Lacks)
                        Add(lacks, lack, model);
                }
            }

            return [.. lacks.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => (l.Value.Kernel with { Places = [.. l.Value.Places] }, l.Value.Why))];
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static void Add(Dictionary<string, (NeededKernel Kernel, string Why, HashSet<NodePlace> Places)> lacks, TFJSLack lack, Model model)
    {
        string why = lack.Why?.Message ?? $"TensorFlow.js has no op {lack.Node.Op}";
        NeededKernel kernel = OpSelection.Kernel(lack.Node, model);
        string key = $"{kernel.Op}\0{kernel.TypesText}\0{why}";
        if (!lacks.TryGetValue(key, out var known))
            lacks.Add(key, known = (kernel, why, []));
        known.Places.Add(new NodePlace(model.Path, (lack.Graph as Function)?.Name, lack.Node.Name));
    }
}
