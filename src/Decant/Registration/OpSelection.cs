using Decant.IR;
using Decant.Ops.Catalogue;
using Decant.Passes;

namespace Decant.Registration;

/// <summary>The ops and kernels that a set of models needs.</summary>
public sealed class OpSelection
{
    private static readonly HashSet<string> ControlFlow = new(StringComparer.Ordinal)
    {
        "Switch", "RefSwitch", "Merge", "RefMerge", "Enter", "RefEnter", "Exit", "RefExit", "NextIteration", "RefNextIteration", "LoopCond",
    };

    private const int MostInputs = 3;

    private OpSelection(IReadOnlyList<NeededKernel> kernels, bool callsFunctions) => (Kernels, CallsFunctions) = (kernels, callsFunctions);

    /// <summary>The kernels, sorted by op and then by types.</summary>
    public IReadOnlyList<NeededKernel> Kernels { get; }

    /// <summary>The names of the ops, sorted.</summary>
    public IReadOnlyList<string> Ops => [.. Kernels.Select(k => k.Op.ToString()).Distinct()];

    /// <summary>The models.</summary>
    internal IReadOnlyList<Model> Models { get; private init; } = [];

    /// <summary>What was asked of the models; null for the outputs of every signature.</summary>
    internal IReadOnlyList<string>? Outputs { get; private init; }

    /// <summary>Whether nodes were taken that no output needs.</summary>
    internal bool AllNodes { get; private init; }

    /// <summary>Whether a model calls functions.</summary>
    public bool CallsFunctions { get; }

    /// <summary>Whether a model has TF1 control flow, which Decant raises to <c>If</c> and <c>While</c> before it runs.</summary>
    public bool HasControlFlow => Kernels.Any(k => IsControlFlow(k.Op));

    /// <summary>Whether an op is of TF1 control flow.</summary>
    public static bool IsControlFlow(OpName op) => op.Dialect == Dialect.TensorFlow && ControlFlow.Contains(op.Name);

    /// <summary>Selects what models need, functions included.</summary>
    /// <param name="models">The models.</param>
    /// <param name="outputs">What is asked of them, by name; null for the outputs of every signature, and the initializers. A model that offers no outputs counts as a whole.</param>
    /// <param name="allNodes">Whether nodes are taken that no output needs.</param>
    /// <param name="functions">Whether the functions that are called are looked into.</param>
    /// <exception cref="ModelException">A graph has a cycle, or there is no such output.</exception>
    public static OpSelection Of(IEnumerable<Model> models, IReadOnlyList<string>? outputs = null, bool allNodes = false, bool functions = true)
    {
        var kernels = new Dictionary<string, (Node Node, List<(string, DType)> Types, List<NodePlace> Places, Model Model)>(StringComparer.Ordinal);
        bool calls = false;
        foreach (Model model in models)
        {
            foreach (Graph graph in model.Functions.Values.Prepend(model.Graph))
                TopologicalOrder.Of(graph);
            IEnumerable<Node> needed = model.Graph.Nodes;
            Node[] roots = allNodes ? [] : [.. Roots(model, outputs)];
            if (roots.Length > 0)
            {
                HashSet<Node> reached = Reach.Backward(roots);
                needed = needed.Where(reached.Contains);
            }

            Node[] main = [.. needed];
            string[] called = [.. Reach.Functions(main, model.Functions)];
            calls |= called.Length > 0;
            Take(main, model, null);
            foreach (string name in functions ? called : [])
                Take(model.Functions[name].Nodes, model, name);
        }

        return new OpSelection(
            [.. kernels.OrderBy(k => k.Value.Node.Op.ToString(), StringComparer.Ordinal).ThenBy(k => k.Key, StringComparer.Ordinal).Select(k => new NeededKernel(k.Value.Node.Op, k.Value.Types, k.Value.Node, k.Value.Places) { Functions = k.Value.Model.Functions })],
            calls)
        {
            Models = [.. models],
            Outputs = outputs,
            AllNodes = allNodes,
        };

        void Take(IEnumerable<Node> nodes, Model model, string? function)
        {
            foreach (Node node in nodes.Where(n => !model.Functions.ContainsKey(n.Op.Name)))
            {
                List<(string Attribute, DType Type)> types = [.. Types(node)];
                string key = $"{node.Op}\0{string.Join('\0', types.Select(t => $"{t.Attribute} {(int)t.Type}"))}";
                if (!kernels.TryGetValue(key, out var kernel))
                    kernels[key] = kernel = (node, types, [], model);
                kernel.Places.Add(new NodePlace(model.Path, function, node.Name));
            }
        }
    }

    /// <summary>The keys of the signatures that give outputs; null alone when there are none.</summary>
    internal static string?[] Signatures(Model model)
    {
        string?[] keys = [.. model.Signatures.Where(s => s.Outputs.Count > 0 && !s.Key.StartsWith(SignatureView.Internal, StringComparison.Ordinal)).Select(s => s.Key)];
        return keys.Length == 0 ? [null] : keys;
    }

    /// <summary>What one node needs.</summary>
    internal static NeededKernel Kernel(Node node, Model model) => new(node.Op, [.. Types(node)], node, []) { Functions = model.Functions };

    private static IEnumerable<Node> Roots(Model model, IReadOnlyList<string>? outputs)
    {
        if (outputs is not null)
            return outputs.Select(o => SignatureView.Of(model).Resolve(o, isInput: false).Node);
        IEnumerable<Node> roots = Signatures(model).Select(k => SignatureView.Of(model, k)).SelectMany(v => v.Outputs.Select(o => v.Resolve(o.Name, isInput: false).Node));
        IEnumerable<string> initializers = model.TensorFlow.TableInitializers.Append(model.TensorFlow.InitNode).Where(n => n.Length > 0).Select(n => n.TrimStart('^').Split(':')[0]);
        return roots.Concat(initializers.Where(n => model.Graph.TryGet(n, out _)).Select(n => model.Graph[n]));
    }

    private static IEnumerable<(string Attribute, DType Type)> Types(Node node) => node.Op.Dialect == Dialect.TensorFlow ? AttributeTypes(node) : TensorTypes(node);

    private static IEnumerable<(string Attribute, DType Type)> AttributeTypes(Node node)
    {
        OpDef? op = OpCatalogue.Find(node.Op.Name);
        foreach (string name in op is null ? node.Attributes.Where(a => a.Value is TypeAttr).Select(a => a.Key) : op.Attributes.Where(a => a.Type == "type").Select(a => a.Name))
        {
            if ((node.Attributes[name] ?? op?.Attribute(name)?.Default) is TypeAttr type)
                yield return (name, type.Value);
        }
    }

    // In TensorFlow Lite tensors have types, and operators have none. The first inputs tell kernels apart: data, weights, bias.
    private static IEnumerable<(string Attribute, DType Type)> TensorTypes(Node node) =>
        node.Inputs.Take(MostInputs).Select((v, i) => ($"input{i}", v.IsPresent ? v.Node.Fact(v.Port).DType : DType.Invalid)).Where(t => t.Item2 != DType.Invalid)
            .Concat(node.Facts.Take(1).Select(f => ("output", f.DType)));
}
