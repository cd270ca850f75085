using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes;

/// <summary><see cref="AddDefaultAttributes"/> as a pass: one edit per node.</summary>
internal sealed class AddDefaultAttributesPass() : Pass("add_default_attributes")
{
    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.ToList())
        {
            if (OpCatalogue.Find(node.Op.Name) is null && !context.Model.Functions.ContainsKey(node.Op.Name))
                context.Decline(node, $"Op type not registered '{node.Op}'");
            if (AddDefaultAttributes.Missing(node) is not { Count: > 0 } missing)
                continue;
            yield return new Patch($"{Name}: {node.Name}").Change(node, n =>
            {
                foreach (AttrDef attribute in missing)
                    n.Attributes.Set(attribute.Name, attribute.Default!);
            });
        }
    }
}
