using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Gives an attribute of nodes another name, its value unchanged. A node that has one of the new name keeps both.</summary>
internal sealed class RenameAttribute : Pass
{
    private readonly string _old;
    private readonly string _new;
    private readonly OpFilter _op;

    private RenameAttribute(PassParameters parameters)
        : base("rename_attribute")
    {
        if (parameters.All("old_attribute_name").Count() != 1 || parameters.All("new_attribute_name").Count() != 1)
            throw parameters.Fail("old_attribute_name", "rename_attribute expects exactly one 'old_attribute_name' and one 'new_attribute_name' argument, e.g. rename_attribute(old_attribute_name=foo, new_attribute_name=bar)");
        (_old, _new) = (parameters.Text("old_attribute_name", ""), parameters.Text("new_attribute_name", ""));
        _op = OpFilter.Of(parameters, "rename_attribute");
    }

    public static PassEntry Entry { get; } = new("rename_attribute", "Gives an attribute of nodes another name", p => new RenameAttribute(p))
    {
        Parameters = [new("old_attribute_name", "the name that nodes have"), new("new_attribute_name", "the name that they get"), OpFilter.Parameter],
        Example = "rename_attribute(old_attribute_name=foo, new_attribute_name=bar)",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        OpFilter.MissingAttribute(_old, context);
        foreach (Node node in _op.Nodes(context).Where(n => n.Attributes.Contains(_old) && _old != _new).ToList())
        {
            if (node.Attributes.Contains(_new))
            {
                context.Decline(node, $"has an attribute '{_new}' already");
                continue;
            }

            yield return new Patch($"{Name}: {node.Name}").Change(node, n =>
            {
                AttrValue value = n.Attributes[_old]!;
                n.Attributes.Remove(_old);
                n.Attributes.Set(_new, value);
            });
        }
    }
}
