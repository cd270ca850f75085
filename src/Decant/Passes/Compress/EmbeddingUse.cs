using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>An embedding and the gathers that read its rows, and that nothing else reads.</summary>
internal sealed record EmbeddingUse(Node Weights, IReadOnlyList<Node> Gathers)
{
    /// <summary>Finds an embedding by name, or the only one of the main graph.</summary>
    /// <exception cref="ModelException">There is none, there are several, or something else reads it.</exception>
    public static EmbeddingUse Find(Model model, string? name, PassContext context)
    {
        if (name is not null)
            return Of(model.Graph[name], context) is { Fault: null } use ? use.Use : throw CompressErrors.BadEmbedding.At(model.Graph[name].At(), Of(model.Graph[name], context).Fault!);
        EmbeddingUse[] all = [.. model.Graph.Nodes.Select(n => Of(n, context)).Where(f => f.Fault is null).Select(f => f.Use)];
        return all is [var one] ? one : throw CompressErrors.BadEmbedding.At(
            new Location(model.Path), all.Length == 0 ? "there is no constant float32 matrix that is read by gathers of its rows alone" : $"there are {all.Length} embeddings",
            all.Length == 0 ? null : $"name one: --embedding {all[0].Weights.Name} (or {string.Join(", ", all.Skip(1).Take(4).Select(e => e.Weights.Name))})");
    }

    /// <summary>Refuses ids that a lookup table of the graph makes of words: it would still give the old ones.</summary>
    public void RequireIdsFromOutside()
    {
        HashSet<Node> makers = Reach.Backward(Gathers.Select(g => g.Inputs[1].Node));
        if (makers.FirstOrDefault(n => n.Op.Name.StartsWith("LookupTableFind", StringComparison.Ordinal)) is { } lookup)
            throw CompressErrors.BadEmbedding.At(Weights.At(), $"is read by ids that '{lookup.Name}' looks up in the graph itself, so a new vocabulary file would not reach them", "let ids stay as they are: --keep-ids");
    }

    private static (EmbeddingUse Use, string? Fault) Of(Node node, PassContext context)
    {
        List<Node> gathers = [];
        string? fault = node.Op != "Const" || node.Attributes["value"] is not TensorAttr { DType: DType.Float32, Shape: { Rank: 2, IsFullyKnown: true } shape } || shape.ElementCount is 0 or > int.MaxValue / sizeof(float)
            ? "is no constant float32 matrix of rows"
            : context.IsKept(node) ? "is an input or output itself" : Collect(node, context, gathers);
        return (new EmbeddingUse(node, gathers), fault ?? (gathers.Count == 0 ? "is read by no Gather" : null));
    }

    private static string? Collect(Node node, PassContext context, List<Node> gathers)
    {
        foreach (Node user in context.Users(node))
        {
            if (user.Op == "Identity" && !context.IsKept(user) && !user.ControlInputs.Contains(node))
            {
                if (Collect(user, context, gathers) is { } fault)
                    return fault;
            }
            else if (GathersRows(user, node))
            {
                gathers.Add(user);
            }
            else
            {
                return $"is read by '{user.Name}' ({user.Op}), expected gathers of rows alone";
            }
        }

        return null;
    }

    private static bool GathersRows(Node node, Node from) =>
        node.Op.Name is "Gather" or "GatherV2" && node.Inputs.Count >= 2 && node.Inputs[0].Node == from && node.Inputs[1].Node != from && !node.ControlInputs.Contains(from)
        && (node.Attributes["batch_dims"] as IntAttr)?.Value is null or 0
        && (node.Op == "Gather" || (node.Inputs.Count == 3 && node.Inputs[2].Constant is { ElementCount: 1 } axis && (axis.DType == DType.Int32 ? axis.Span<int>()[0] : axis.DType == DType.Int64 ? axis.Span<long>()[0] : -1) == 0));
}
