using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>ConcatV2(x, ..., axis) = Concat(axis, x, ...): for runtimes from before TensorFlow 1.0.</summary>
internal sealed class BackportConcatV2() : Pass("backport_concatv2")
{
    public static PassEntry Entry { get; } = new("backport_concatv2", "Makes ConcatV2 the older Concat", _ => new BackportConcatV2());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.Where(n => n.Op == "ConcatV2" && n.Inputs.Count > 1).ToList())
        {
            Value axis = node.Inputs[^1];
            bool isWide = node.Attributes["Tidx"] is TypeAttr { Value: DType.Int64 };
            long[]? value = ConstantInts.Of(axis, 1);
            if (isWide && (value is null || value[0] != (int)value[0]))
            {
                context.Decline(node, "its axis is int64, which Concat does not take");
                continue;
            }

            var patch = new Patch($"{Name}: {node.Name}");
            if (isWide)
                axis = patch.AddConst($"{node.Name}/axis", Tensor.Scalar((int)value![0]));
            yield return patch.Change(node, n =>
            {
                Value[] values = n.Inputs.AsSpan()[..^1].ToArray();
                n.Op = "Concat";
                n.Inputs.Clear();
                n.Inputs.Add(axis);
                n.Inputs.AddRange(values);
                n.Attributes.Remove("Tidx");
            });
        }
    }
}
