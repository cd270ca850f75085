using System.Text;

namespace Decant.Registration;

/// <summary>Which source files of TensorFlow register the kernels of an op, and which of them the mobile build compiled.</summary>
internal static class KernelFiles
{
    private static readonly Lazy<Dictionary<string, (List<string> Files, bool IsMobile)>> Ops = new(Parse);

    /// <summary>The files, sorted.</summary>
    public static IReadOnlyList<string> Of(string op) => Ops.Value.TryGetValue(op, out var found) ? found.Files : [];

    /// <summary>Whether the mobile build had a kernel of the op.</summary>
    public static bool IsInMobileBuild(string op) => Ops.Value.TryGetValue(op, out var found) && found.IsMobile;

    private static Dictionary<string, (List<string> Files, bool IsMobile)> Parse()
    {
        var ops = new Dictionary<string, (List<string> Files, bool IsMobile)>(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(KernelSources.Table).Split('\n'))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            bool isMobile = line[tab - 1] == '*';
            string file = line[..tab].TrimEnd('*');
            foreach (string op in line[(tab + 1)..].TrimEnd('\r').Split(' '))
            {
                (List<string> files, bool wasMobile) = ops.GetValueOrDefault(op, ([], false));
                files.Add(file);
                ops[op] = (files, wasMobile || isMobile);
            }
        }

        return ops;
    }
}
