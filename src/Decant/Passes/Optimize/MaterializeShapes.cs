using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// shape(x) = c where the shape of x is known without running: <c>Shape</c>, <c>ShapeN</c>, <c>Size</c> and <c>Rank</c>, and whatever
/// inference computes from them, become constants.
/// </summary>
/// <remarks>What had an effect before the value was there is still waited for; a TF1 branch that is not taken still gives nothing.</remarks>
internal sealed class MaterializeShapes() : NodePass("materialize_shapes")
{
    /// <summary>Shapes and what is made of them are short; longer constants are other data, which is not to be copied.</summary>
    private const long MaxElements = 256;

    private (PassContext Context, Ordering Ordering)? _order;

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Inputs.Count == 0 || node.Facts.Count == 0 || !Purity.IsPure(node) || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        if (node.Inputs.AsSpan().ToArray().All(v => v.Node.Op == "Const"))
            return null;
        int[] known = [.. Enumerable.Range(0, node.Facts.Count).Where(p => node.Fact(p).Constant is { DType: DType.Int32 or DType.Int64, ElementCount: <= MaxElements })];
        if (known.Length == 0)
            return null;
        Node[] waits = [.. node.ControlInputs.Concat(node.Inputs.Select(v => v.Node).Where(Order(context).Matters)).Distinct()];
        var patch = new Patch($"{Name}: {node.Name}");
        if (node.Facts.Count == 1)
            return patch.Change(node, n => n.BecomeConst(node.Fact(0).Constant!, waits));
        int[] read = [.. context.Users(node).SelectMany(u => u.Inputs.AsSpan().ToArray()).Where(v => v.Node == node).Select(v => v.Port).Distinct().Order()];
        if (!read.Any(known.Contains))
            return null;
        foreach (int port in read.Where(known.Contains))
        {
            Node constant = patch.AddConst($"{node.Name}/port_{port}", node.Fact(port).Constant!);
            constant.Device = node.Device;
            constant.ControlInputs.AddRange(waits);
            patch.Replace(new Value(node, port), constant);
        }

        return read.All(known.Contains) && !context.IsKept(node) ? patch.Remove(node) : patch;
    }

    /// <summary>Becoming a constant changes nothing about what others need, so it is found once per graph.</summary>
    private Ordering Order(PassContext context)
    {
        if (_order?.Context != context)
            _order = (context, new Ordering(context));
        return _order!.Value.Ordering;
    }
}
