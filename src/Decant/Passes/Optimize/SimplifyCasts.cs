using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// cast to the type that is there already = nothing; cast(cast(x)) = one cast, where the first gives every value of x exactly; a
/// <c>Bitcast</c> of a <c>Bitcast</c> = one, of the same type as its input = nothing.
/// </summary>
internal sealed class SimplifyCasts() : NodePass("simplify_casts")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Op.Name is not ("Cast" or "Bitcast") || node.Inputs.Count != 1)
            return null;
        bool isCast = node.Op == "Cast";
        (string from, string to) = isCast ? ("SrcT", "DstT") : ("T", "type");
        var attributes = new NodeAttributes(node);
        (DType source, DType target) = (attributes.Type(from), attributes.Type(to));
        if (source == target)
            return Rewrites.Forward(Name, node, node.Inputs[0], $"is {target.Name()} already");
        Node before = node.Inputs[0].Node;
        if (before.Op != node.Op || before.Inputs.Count != 1)
            return null;
        DType first = new NodeAttributes(before).Type(from);
        if (isCast && !IsExact(first, source))
            return context.Decline(node, $"'{before.Name}' rounds {first.Name()} to {source.Name()} first");
        if (isCast && new NodeAttributes(node).Has("Truncate") && attributes.Bool("Truncate"))
            return context.Decline(node, "truncates");
        if (!isCast && first.Size() != source.Size())
            return context.Decline(node, $"'{before.Name}' gives elements of another size, and with them another shape");
        return new Patch($"{Name}: {node.Name} ({before.Name} and {node.Name})").Change(node, n =>
        {
            n.Inputs[0] = before.Inputs[0];
            n.Attributes.Set(from, first);
            n.ControlInputs.AddRange(before.ControlInputs.Except(n.ControlInputs));
        });
    }

    /// <summary>Whether every value of a type has the same value in the other.</summary>
    private static bool IsExact(DType from, DType to) => (from, to) switch
    {
        (DType.Bool, DType.String) => false,
        (DType.Bool, _) => to.HasFixedSize(),
        (DType.UInt8, DType.Int16 or DType.UInt16 or DType.Int32 or DType.UInt32 or DType.Int64 or DType.UInt64 or DType.Float16 or DType.Float32 or DType.Float64) => true,
        (DType.Int8, DType.Int16 or DType.Int32 or DType.Int64 or DType.Float16 or DType.Float32 or DType.Float64) => true,
        (DType.UInt16, DType.Int32 or DType.UInt32 or DType.Int64 or DType.UInt64 or DType.Float32 or DType.Float64) => true,
        (DType.Int16, DType.Int32 or DType.Int64 or DType.Float32 or DType.Float64) => true,
        (DType.Int32, DType.Int64 or DType.Float64) => true,
        (DType.UInt32, DType.Int64 or DType.UInt64 or DType.Float64) => true,
        (DType.Float16 or DType.BFloat16, DType.Float32 or DType.Float64) => true,
        (DType.Float32, DType.Float64) => true,
        _ => false,
    };
}
