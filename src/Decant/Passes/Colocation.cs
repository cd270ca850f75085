using System.Text;
using Decant.IR;

namespace Decant.Passes;

/// <summary>The <c>_class</c> attribute: which nodes must be on the device of another, as <c>loc:@node</c>.</summary>
internal static class Colocation
{
    /// <summary>The attribute's name.</summary>
    public const string Attribute = "_class";

    private const string Prefix = "loc:@";

    /// <summary>Removes the names of nodes that are not in the graph.</summary>
    public static void RemoveDangling(Graph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Attributes[Attribute] is not ListAttr list)
                continue;
            ReadOnlyMemory<byte>[] kept = [.. list.Strings.Where(s => !IsDangling(s.Span, graph))];
            if (kept.Length == 0)
                node.Attributes.Remove(Attribute);
            else if (kept.Length < list.Strings.Count)
                node.Attributes[Attribute] = list with { Strings = kept };
        }
    }

    /// <summary>Follows nodes that get other names.</summary>
    public static void Rename(Graph graph, IReadOnlyDictionary<string, string> names)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Attributes[Attribute] is not ListAttr list)
                continue;
            string[] old = [.. list.Strings.Select(s => Encoding.UTF8.GetString(s.Span))];
            string[] @new = Array.ConvertAll(old, s => s.StartsWith(Prefix, StringComparison.Ordinal) && names.TryGetValue(s[Prefix.Length..], out string? name) ? Prefix + name : s);
            if (!old.SequenceEqual(@new))
                node.Attributes[Attribute] = list with { Strings = [.. @new.Select(s => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(s))] };
        }
    }

    private static bool IsDangling(ReadOnlySpan<byte> text, Graph graph) =>
        Encoding.UTF8.GetString(text) is var name && name.StartsWith(Prefix, StringComparison.Ordinal) && !graph.TryGet(name.AsSpan(Prefix.Length), out _);
}
