using Decant.IR;
using Decant.Passes.Optimize;

namespace Decant.Passes.Transforms;

/// <summary>
/// f(c1, ..., cn) = c, and shape(x) = c where the shape of x is known: what needs no input is computed now, and what the outputs do not
/// need is removed. Inputs are placeholders afterwards.
/// </summary>
/// <remarks>What the parts do to single nodes is told under their own names, <c>constant_folding</c> and <c>materialize_shapes</c>.</remarks>
internal sealed class FoldConstants : Pass
{
    private const string OutputShapes = "_output_shapes";

    private readonly bool _clearsShapes;
    private readonly ConstantFoldingOptions _options;

    private FoldConstants(PassParameters parameters)
        : base("fold_constants")
    {
        _clearsShapes = parameters.Bool("clear_output_shapes", true);
        _options = new ConstantFoldingOptions
        {
            ExcludedOps = [.. parameters.All("exclude_op")],
            ExcludedNodes = [.. parameters.All("exclude_node")],
            MaxConstantBytes = parameters.Int64("max_constant_size_in_bytes", 10 << 20),
            MaxGrowth = long.MaxValue,
        };
    }

    public static PassEntry Entry { get; } = new("fold_constants", "Computes what depends on constants alone, and keeps only what the outputs need", p => new FoldConstants(p))
    {
        Parameters =
        [
            new("clear_output_shapes", "take `_output_shapes` off nodes, which may no longer be true", "true"), new("exclude_op", "an op whose nodes stay") { Repeats = true },
            new("exclude_node", "a node that stays, by name") { Repeats = true }, new("max_constant_size_in_bytes", "larger results are not made constants", "10485760"),
        ],
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        Node[] shaped = [.. context.Graph.Nodes.Where(n => _clearsShapes && n.Attributes.Contains(OutputShapes))];
        if (shaped.Length > 0)
        {
            var patch = new Patch($"{Name}: {OutputShapes} of {shaped.Length} nodes");
            foreach (Node node in shaped)
                patch.Change(node, n => n.Attributes.Remove(OutputShapes));
            yield return patch;
        }

        foreach (Patch patch in Inputs(context))
            yield return patch;
        foreach (string op in _options.ExcludedOps)
            OpFilter.Missing(op, context);
        foreach (string name in _options.ExcludedNodes.Where(n => !context.Graph.TryGet(n, out _)))
            context.Note($"there is no node '{name}' to exclude{(Spelling.Nearest(name, context.Graph.Nodes.Select(n => n.Name)) is { } near ? $"; did you mean '{near}'?" : "")}");

        // A constant that is fed is none for those that read it.
        IEnumerable<string> readFed = context.Inputs.Where(i => i.Node.Op == "Const").SelectMany(i => context.Users(i.Node)).Select(n => n.Name);
        ConstantFoldingOptions options = _options with { ExcludedNodes = [.. _options.ExcludedNodes, .. readFed] };
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Patch patch in new MaterializeShapes().Patches(context).Concat(new ConstantFolding(options).Patches(context)))
            {
                changed = true;
                yield return patch;
            }
        }

        if (Unused(context) is { Length: > 0 } unused)
            yield return new Patch($"{Name}: {unused.Length} nodes").Remove(unused);
    }

    private IEnumerable<Patch> Inputs(PassContext context)
    {
        foreach (Node node in context.Inputs.Select(i => i.Node).Distinct().ToList())
        {
            if (node.Op == "PlaceholderWithDefault")
                yield return new Patch($"{Name}: {node.Name} is a placeholder").Change(node, BecomePlaceholder);
            else if (node.Op != "Placeholder")
                context.Decline(node, $"Input '{node.Name}' was expected to be a Placeholder or PlaceholderWithDefault op, but was {node.Op}: strip_unused_nodes makes it one");
        }
    }

    private static void BecomePlaceholder(Node node)
    {
        node.Op = "Placeholder";
        node.Inputs.Clear();
    }

    private static Node[] Unused(PassContext context)
    {
        if (context.Outputs.Count == 0)
            return [];
        HashSet<Node> needed = Reach.Backward(context.Outputs.Concat(context.Inputs).Select(v => v.Node), context.Inputs.Select(i => i.Node).Where(n => n.Op == "Placeholder"));
        return [.. context.Graph.Nodes.Where(n => !needed.Contains(n))];
    }
}
