using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Takes an attribute off nodes: all, or those of one op.</summary>
internal sealed class RemoveAttribute : Pass
{
    private readonly string _attribute;
    private readonly OpFilter _op;

    private RemoveAttribute(PassParameters parameters)
        : base("remove_attribute")
    {
        if (parameters.All("attribute_name").Count() != 1)
            throw parameters.Fail("attribute_name", "remove_nodes expects exactly one 'attribute_name' argument, e.g. remove_attribute(op_name=Mul, attribute_name=foo)");
        _attribute = parameters.Text("attribute_name", "");
        _op = OpFilter.Of(parameters, "remove_nodes");
    }

    public static PassEntry Entry { get; } = new("remove_attribute", "Takes an attribute off nodes", p => new RemoveAttribute(p))
    {
        Parameters = [new("attribute_name", "the attribute"), OpFilter.Parameter],
        Example = "remove_attribute(attribute_name=_output_shapes)",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        OpFilter.MissingAttribute(_attribute, context);
        foreach (Node node in _op.Nodes(context).Where(n => n.Attributes.Contains(_attribute)).ToList())
            yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.Attributes.Remove(_attribute));
    }
}
