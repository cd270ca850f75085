using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>Sets the device that nodes ask for; <c>remove_device</c> sets none.</summary>
internal sealed class SetDevice(string name, string device, bool onlyMissing) : Pass(name)
{
    public static PassEntry Entry { get; } = new("set_device", "Sets the device that nodes ask for", p => new SetDevice("set_device", p.Text("device", ""), p.Bool("if_default", false)))
    {
        Parameters = [new("device", "the device, such as `/cpu:0`", "none"), new("if_default", "only of nodes that ask for none", "false")],
        Example = "set_device(device=\"/cpu:0\")",
    };

    public static PassEntry RemoveEntry { get; } = new("remove_device", "Takes the device off all nodes", _ => new SetDevice("remove_device", "", false));

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.Where(n => n.Device != device && !(onlyMissing && n.Device.Length > 0)).ToList())
            yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.Device = device);
    }
}
