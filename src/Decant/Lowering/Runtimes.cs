using System.Text;
using Decant.IR;
using Decant.Ops.TFLite.Catalogue;

namespace Decant.Lowering;

/// <summary>The metadata <c>min_runtime_version</c>: the first runtime that has every operator in the version it is used in.</summary>
internal static class Runtimes
{
    // The runtime reads a text of this many bytes, filled with zeros.
    private const int Length = 16;

    public static void Set(Model model)
    {
        Version least = new(0, 0);
        foreach (Node node in model.Functions.Values.Prepend((Function)model.Graph).SelectMany(f => f.Nodes))
        {
            long version = node.Attributes["op_version"] is IntAttr given ? given.Value : 1;
            foreach ((int has, string runtime) in TFLiteCatalogue.Find(node.Op.Name)?.Versions ?? [])
            {
                if (has == version && Version.Parse(runtime) is { } needed && needed > least)
                    least = needed;
            }
        }

        byte[] text = new byte[Length];
        Encoding.ASCII.GetBytes(least.ToString(), text);
        model.TFLite!.Metadata.RemoveAll(m => m.Name == "min_runtime_version");
        model.TFLite.Metadata.Add(("min_runtime_version", new BufferSlice(text)));
    }
}
