using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// PartitionedCall(f, x, ...) = the body of f, its nodes named <c>call/inner</c>. One level: calls in the body stay. The function
/// stays in the library.
/// </summary>
internal sealed class InlinePartitionedCall() : Pass("inline_partitionedcall")
{
    public static PassEntry Entry { get; } = new("inline_partitionedcall", "Puts the functions' bodies in the place of PartitionedCall nodes", _ => new InlinePartitionedCall());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node call in context.Graph.Nodes.Where(n => n.Op == "PartitionedCall").ToList())
        {
            if (Inline(call, context) is { } patch)
                yield return patch;
        }
    }

    private Patch? Inline(Node call, PassContext context)
    {
        if (call.Attributes["f"] is not FunctionAttr called)
            return context.Decline(call, $"Node {call.Name} has no attribute: f");
        if (!context.Model.Functions.TryGetValue(called.Name, out Function? function))
            return context.Decline(call, $"function {called.Name} Not found");
        if (function.Args.Count != call.Inputs.Count || call.Inputs.Exists(i => !i.IsPresent))
            return context.Decline(call, $"Called function  {called.Name} has invalid input signature.");

        var patch = new Patch($"{Name}: {call.Name}");
        var copies = new Dictionary<Node, Node>(function.Nodes.Count);
        foreach (Node node in function.Nodes.Where(n => n.Op != Function.ArgOp))
        {
            Node copy = copies[node] = patch.Add($"{call.Name}/{node.Name}", node.Op, [], node.Attributes.Clone());
            (copy.Device, copy.Unknown, copy.OutputNames) = (node.Device, node.Unknown, node.OutputNames);
            AttributeSubstitution.Apply(copy, called.Attributes, function.Attributes);
        }

        Dictionary<Node, Value> args = function.ArgNodes.Zip(call.Inputs).ToDictionary(p => p.First, p => p.Second);
        Value Map(Value value) => !value.IsPresent ? value : args.TryGetValue(value.Node, out Value arg) ? arg : value with { Node = copies[value.Node] };
        foreach ((Node node, Node copy) in copies)
        {
            foreach (Value input in node.Inputs)
                copy.Inputs.Add(Map(input));
            copy.ControlInputs.AddRange(node.ControlInputs.AsSpan().ToArray().Select(n => Map(n).Node));
            if (Effects.HasEffect(node, context.Model.Functions))
                copy.ControlInputs.AddRange(call.ControlInputs.Except(copy.ControlInputs));
        }

        Value[] results = [.. function.Results.Select(r => Map(r.Value))];
        Node[] effects = [.. function.ControlResults.Select(r => Map(r.Node).Node).Distinct()];
        if (results.Length == 0)
        {
            return patch.Change(call, c =>
            {
                (c.Op, c.Attributes) = ("NoOp", []);
                c.Inputs.Clear();
                c.ControlInputs.AddRange(effects.Except(c.ControlInputs));
            });
        }

        bool isWaitedFor = effects.Length > 0 || context.IsKept(call) || context.Users(call).Any(u => u.ControlInputs.Contains(call));
        if (isWaitedFor)
        {
            DType[] types = [.. function.Results.Select(r => r.Result.TypeOf(called.Attributes))];
            if (types.Contains(DType.Invalid))
                types = [.. Enumerable.Range(0, results.Length).Select(i => call.Fact(i).DType)];
            Node named = patch.Add(call.Name, results.Length == 1 ? "Identity" : "IdentityN", results, new AttributeMap { { "T", results.Length == 1 ? types[0] : new ListAttr { Types = types } } });
            named.ControlInputs.AddRange(effects);
            results = [.. results.Select((_, i) => new Value(named, i))];
        }

        for (int i = 0; i < results.Length; i++)
            patch.Replace(new Value(call, i), results[i]);
        return patch.Remove(call);
    }
}
