using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>Refuses subgraphs that call themselves, which TensorFlow Lite does not allow either.</summary>
internal static class SubgraphCycles
{
    public static void Refuse(BufferSlice file, IReadOnlyList<Function> subgraphs)
    {
        Dictionary<string, Function> byName = subgraphs.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (Function root in subgraphs)
        {
            var stack = new Stack<(Function Function, Queue<string> Calls)>();
            Enter(root);
            while (stack.TryPeek(out (Function Function, Queue<string> Calls) top))
            {
                if (top.Calls.TryDequeue(out string? called))
                {
                    if (open.Contains(called))
                        throw GraphErrors.Cycle.At(new Location(file.Name), $"the subgraph '{called}' calls itself by '{top.Function.Name}'");
                    Enter(byName[called]);
                    continue;
                }

                stack.Pop();
                open.Remove(top.Function.Name);
                done.Add(top.Function.Name);
            }

            void Enter(Function function)
            {
                if (done.Contains(function.Name))
                    return;
                open.Add(function.Name);
                stack.Push((function, new Queue<string>(function.Nodes.SelectMany(Called).Distinct())));
            }
        }
    }

    private static IEnumerable<string> Called(Node node) =>
        node.Attributes.SelectMany(a => a.Value switch
        {
            FunctionAttr function => [function.Name],
            ListAttr list => list.Functions.Select(f => f.Name),
            _ => Enumerable.Empty<string>(),
        });
}
