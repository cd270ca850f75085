using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Keeps what the outputs need, walking back no further than the inputs, and makes every input that is no <c>Placeholder</c> one.
/// </summary>
/// <remarks>
/// Type and shape of a new placeholder are those that are given; where inference knows otherwise, what it knows, as nothing else could
/// be fed. Without a shape the original made scalars; here the shape is what is known.
/// </remarks>
internal sealed class StripUnusedNodes : Pass
{
    private readonly DType _type;
    private readonly Shape? _shape;
    private readonly Dictionary<string, DType> _types;
    private readonly Dictionary<string, Shape> _shapes;

    private StripUnusedNodes(PassParameters p)
        : base("strip_unused_nodes")
    {
        if (p.All("type").Count() > 1)
            throw p.Fail("type", "You must pass no more than one default 'type' to strip_unused_nodes");
        if (p.All("shape").Count() > 1)
            throw p.Fail("shape", "You must pass no more than one default 'shape' to strip_unused_nodes");
        _type = p.Has("type") ? p.Type("type", p.Text("type", "")) : DType.Invalid;
        _shape = p.Has("shape") ? p.Shape("shape", p.Text("shape", "")) : null;
        _types = ByName(p, "type_for_name", "strip_unused_nodes(name=foo, type_for_name=float, name=bar, type_for_name=quint8", p.Type);
        _shapes = ByName(p, "shape_for_name", "strip_unused_nodes(name=foo, shape_for_name=\"2,2,1\", name=bar, shape_for_name=\"1\"", p.Shape);
    }

    public static PassEntry Entry { get; } = new("strip_unused_nodes", "Keeps only what the outputs need, and makes inputs placeholders", p => new StripUnusedNodes(p))
    {
        Parameters =
        [
            new("type", "the type of new placeholders", "what is known, else float"), new("shape", "their shape, such as `\"1,299,299,3\"`", "what is known"),
            new("name", "an input for which the next two are") { Repeats = true },
            new("type_for_name", "its type") { Repeats = true }, new("shape_for_name", "its shape") { Repeats = true },
        ],
        Example = "strip_unused_nodes(type=float, shape=\"1,299,299,3\")",
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (string name in _types.Keys.Concat(_shapes.Keys).Where(n => !context.Inputs.Any(i => i.Node.Name == n)))
        {
            context.Note($"'{name}' is no input{(Spelling.Nearest(name, context.Inputs.Select(i => i.Node.Name)) is { } near ? $"; did you mean '{near}'?" : "")}");
        }

        if (context.Outputs.Count == 0)
            throw PassErrors.CannotTransform.At(null, "strip_unused_nodes needs outputs, and there are none", "name them: --outputs=softmax");
        foreach (Node node in context.Inputs.Select(i => i.Node).Where(n => n.Op == "Placeholder"))
            Stays(node, context);
        HashSet<Node> needed = Needed(context, context.Inputs.Select(i => i.Node));
        foreach (Node node in context.Inputs.Select(i => i.Node).Distinct().Where(n => n.Op != "Placeholder" && !IsMade(n)).ToList())
        {
            if (Placeholder(node, needed, context) is { } patch)
                yield return patch;
        }

        needed = Needed(context, context.Inputs.Select(i => i.Node).Where(n => n.Op == "Placeholder"));
        Node[] unused = [.. context.Graph.Nodes.Where(n => !needed.Contains(n))];
        if (unused.Length > 0)
            yield return new Patch($"{Name}: {unused.Length} nodes").Remove(unused);
    }

    /// <summary>Says that a placeholder does not get the type or shape that is given, which are for those that are made.</summary>
    private void Stays(Node node, PassContext context)
    {
        (DType Type, Shape Shape) known = ((node.Attributes["dtype"] as TypeAttr)?.Value ?? DType.Invalid, (node.Attributes["shape"] as ShapeAttr)?.Value ?? Shape.Unknown);
        DType type = _types.TryGetValue(node.Name, out DType one) ? one : _type;
        Shape? shape = _shapes.TryGetValue(node.Name, out Shape given) ? given : _shape;
        if ((type != DType.Invalid && type != known.Type) || (shape is { } wanted && wanted != known.Shape))
            context.Decline(node, $"is a placeholder already, and stays one of {known.Type.Name()}{known.Shape}: type and shape are for those that are made");
    }

    private static HashSet<Node> Needed(PassContext context, IEnumerable<Node> given) => Reach.Backward(context.Outputs.Concat(context.Inputs).Select(v => v.Node), given);

    /// <summary>Whether a node is what this transform, or cutting, makes of an input with several outputs.</summary>
    private static bool IsMade(Node node) => node.Op == "IdentityN" && node.Inputs.Count > 0 && !node.Inputs.Exists(i => !i.IsPresent || i.Node.Op != "Placeholder");

    private Patch? Placeholder(Node node, HashSet<Node> needed, PassContext context)
    {
        int[] ports = [.. context.Inputs.Where(i => i.Node == node).Select(i => i.Port).Distinct().Order()];
        int[] read = [.. context.Users(node).Where(needed.Contains).SelectMany(u => u.Inputs.AsSpan().ToArray()).Where(i => i.Node == node).Select(i => i.Port).Distinct()];
        if (read.FirstOrDefault(r => !ports.Contains(r), -1) is >= 0 and int other)
            return context.Decline(node, $"is an input whose output {other} is needed too, and is no input");
        var patch = new Patch($"{Name}: {node.Name} is a placeholder");
        if (ports is [0])
        {
            patch.Replace(node, Fed(patch, node.Name, node, node.Name, context));
        }
        else
        {
            Value[] values = new Value[ports[^1] + 1];
            foreach (int port in ports)
                values[port] = Fed(patch, $"{node.Name}/{port}", new Value(node, port), node.Name, context);
            for (int i = 0; i < values.Length; i++)
                values[i] = values[i].IsPresent ? values[i] : values[ports[0]];
            DType[] types = [.. values.Select(v => ((TypeAttr)v.Node.Attributes["dtype"]!).Value)];
            Node all = patch.Add(node.Name, "IdentityN", values, new AttributeMap { { "T", new ListAttr { Types = types } } });
            foreach (int port in ports.Append(0).Distinct())
                patch.Replace(new Value(node, port), new Value(all, port));
        }

        // What reads the node without being needed goes with it.
        HashSet<Node> gone = [.. Readers(node, needed, context)];
        return patch.Remove([node, .. gone]);
    }

    private static IEnumerable<Node> Readers(Node node, HashSet<Node> needed, PassContext context)
    {
        var seen = new HashSet<Node>();
        var open = new Queue<Node>(context.Users(node));
        while (open.TryDequeue(out Node? reader))
        {
            if (needed.Contains(reader) || !seen.Add(reader))
                continue;
            yield return reader;
            foreach (Node next in context.Users(reader))
                open.Enqueue(next);
        }
    }

    private Node Fed(Patch patch, string name, Value value, string input, PassContext context)
    {
        Fact fact = value.Node.Fact(value.Port);
        DType type = _types.TryGetValue(input, out DType one) ? one : _type;
        DType known = fact.DType != DType.Invalid ? fact.DType : OutputTypes.Of(value, context.Model.Functions).Deref();
        if (type != DType.Invalid && known != DType.Invalid && type != known)
            context.Decline(value.Node, $"is of type {known.Name()}, and cannot be fed as {type.Name()}: the placeholder is {known.Name()}");
        Shape? shape = _shapes.TryGetValue(input, out Shape given) ? given : _shape;
        if (shape is { } wanted && !wanted.IsCompatibleWith(fact.Shape))
        {
            context.Decline(value.Node, $"has the shape {fact.Shape}, and cannot be fed as {wanted}: the placeholder has {fact.Shape}");
            shape = null;
        }

        DType dtype = known != DType.Invalid ? known : type != DType.Invalid ? type : DType.Float32;
        return patch.Add(name, "Placeholder", [], new AttributeMap { { "dtype", dtype }, { "shape", shape ?? fact.Shape } });
    }

    private static Dictionary<string, T> ByName<T>(PassParameters p, string parameter, string example, Func<string, string, T> parse)
    {
        string[] names = [.. p.All("name")];
        string[] values = [.. p.All(parameter)];
        if (values.Length > 0 && values.Length != names.Length)
            throw p.Fail(parameter, $"You must pass a '{parameter}' arg for every 'name', e.g. {example}");
        var byName = new Dictionary<string, T>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
            byName[names[i].Split(':')[0]] = parse(parameter, values[i]);
        return byName;
    }
}
