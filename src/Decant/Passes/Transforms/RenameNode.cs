using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Gives one node another name; what reads it, waits for it or is colocated with it follows.</summary>
internal sealed class RenameNode : Pass
{
    private readonly string _old;
    private readonly string _new;

    private RenameNode(PassParameters parameters)
        : base("rename_node")
    {
        if (parameters.All("old_node_name").Count() != 1 || parameters.All("new_node_name").Count() != 1 || parameters.Text("new_node_name", "").Length == 0)
            throw parameters.Fail("old_node_name", "rename_node expects exactly one 'old_node_name' and one 'new_node_name' argument, e.g. rename_node(old_attribute_name=super/deep/output, new_attribute_name=output)", "the parameters are old_node_name and new_node_name");
        (_old, _new) = (parameters.Text("old_node_name", ""), parameters.Text("new_node_name", ""));
    }

    public static PassEntry Entry { get; } = new("rename_node", "Gives a node another name", p => new RenameNode(p))
    {
        Parameters = [new("old_node_name", "the name that the node has"), new("new_node_name", "the name that it gets")],
        Example = "rename_node(old_node_name=super/deep/output, new_node_name=output)",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        Node node = context.Graph[_old];
        if (_old == _new)
            yield break;
        if (context.Graph.TryGet(_new, out Node? there))
            throw PassErrors.CannotTransform.At(there.At(), $"A node is alreading using {_new}as name.");
        var names = new Dictionary<string, string> { [_old] = _new };
        yield return new Patch($"{Name}: {_old} to {_new}").Rename(node, _new).Change(node, _ =>
        {
            Colocation.Rename(context.Graph, names);
            if (context.Graph == context.Model.Graph)
                RenameIn(context.Model.Signatures);
        });
    }

    /// <summary>Lets signatures name the node as it is called now.</summary>
    private void RenameIn(List<Signature> signatures)
    {
        SignatureTensor Renamed(SignatureTensor tensor) => tensor.Tensor.Split(':') is [var node, .. var port] && node == _old ? tensor with { Tensor = string.Join(':', [_new, .. port]) } : tensor;
        for (int i = 0; i < signatures.Count; i++)
        {
            Signature signature = signatures[i];
            if (signature.Inputs.Concat(signature.Outputs).Any(t => Renamed(t) != t))
                signatures[i] = signature with { Inputs = [.. signature.Inputs.Select(Renamed)], Outputs = [.. signature.Outputs.Select(Renamed)], Encoded = default };
        }
    }
}
