using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Transforms;

/// <summary>Gives nodes of one op another op, all else unchanged.</summary>
internal sealed class RenameOp : Pass
{
    private readonly string _old;
    private readonly string _new;

    private RenameOp(PassParameters parameters)
        : base("rename_op")
    {
        if (parameters.All("old_op_name").Count() != 1 || parameters.All("new_op_name").Count() != 1 || parameters.Text("new_op_name", "").Length == 0)
            throw parameters.Fail("old_op_name", "rename_op expects exactly one 'old_op_name' and 'new_op_name' argument, e.g. rename_op(old_op_name=Mul, new_op_name=Multiply)");
        (_old, _new) = (parameters.Text("old_op_name", ""), parameters.Text("new_op_name", ""));
    }

    public static PassEntry Entry { get; } = new("rename_op", "Gives all nodes of an op another op", p => new RenameOp(p))
    {
        Parameters = [new("old_op_name", "the op that nodes have"), new("new_op_name", "the op that they get")],
        Example = "rename_op(old_op_name=Mul, new_op_name=Multiply)",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        OpFilter.Missing(_old, context);
        if (OpCatalogue.Find(_new) is null && Spelling.Nearest(_new, OpCatalogue.Names()) is { } near)
            context.Note($"TensorFlow has no op '{_new}'; did you mean '{near}'?");
        foreach (Node node in context.Graph.Nodes.Where(n => n.Op.ToString() == _old && _old != _new).ToList())
            yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.Op = OpName.Parse(_new));
    }
}
