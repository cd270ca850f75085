using Decant.Formats.Variables;
using Decant.IR;

namespace Decant.Formats.SavedModel;

/// <summary>
/// The functions of the root object of a SavedModel that was saved without signatures, such as <c>__call__</c>, or the root that is one. Each becomes a signature, with
/// placeholders for its arguments; what it captures is bound to the variables and constants of the main graph, as TensorFlow does when it
/// loads the objects.
/// </summary>
internal static class ObjectFunctions
{
    /// <summary>The functions that a model is called by, which come first: that of Keras, which is not for training; that of any object.</summary>
    private static readonly string[] Calls = ["_default_save_signature", CallKey, "call"];

    private const string CallKey = "__call__";

    // Objects have a few; each has placeholders for its arguments.
    private const int MostFunctions = 64;

    /// <summary>Adds a signature for each function that can be called; the model has none yet.</summary>
    public static void AddSignatures(Model model)
    {
        List<SavedObject> objects = SavedObjects.Read(model.TensorFlow.ObjectGraph);
        if (objects.Count == 0)
            return;
        Dictionary<string, IReadOnlyList<long>> captures = SavedObjects.BoundInputs(model.TensorFlow.ObjectGraph);
        ILookup<string, SavedObject> named = objects.Where(o => o.Variable is not null).ToLookup(o => o.Variable!, StringComparer.Ordinal);
        ILookup<string, Node> variables = model.Graph.Nodes.Where(n => n.Op == "VarHandleOp").ToLookup(n => n.Attributes["shared_name"] is StringAttr { Bytes.Length: > 0 } name ? name.Text : n.Name, StringComparer.Ordinal);
        Dictionary<int, VariableEntry>? values = null;
        List<string> left = [];
        // The root may be a function itself.
        foreach ((string name, int index) in objects[0].Children.Prepend((Name: CallKey, Node: 0)).OrderBy(c => Array.IndexOf(Calls, c.Name) is >= 0 and var at ? at : Calls.Length))
        {
            if (index < 0 || index >= objects.Count)
                continue;
            IReadOnlyList<string> functions = objects[index].Functions;
            for (int i = 0; i < functions.Count; i++)
            {
                string key = functions.Count == 1 ? name : $"{name}_{i}";
                if (model.Signatures.Count + left.Count >= MostFunctions || model.Signatures.Exists(s => s.Key == key) || !model.Functions.TryGetValue(functions[i], out Function? function))
                    continue;
                if (Bound(captures.GetValueOrDefault(functions[i]) ?? []) is { } bound && bound.Count <= function.Args.Count && function.Results.Count > 0 && function.Args.TrueForAll(a => a.DType != DType.Invalid))
                    model.Signatures.Add(Call(model.Graph, key, function, bound));
                else
                    left.Add(key);
            }
        }

        string[] keys = [.. model.Signatures.Where(s => s.Outputs.Count > 0 && !s.Key.StartsWith(SignatureView.Internal, StringComparison.Ordinal)).Select(s => $"'{s.Key}'")];
        if (keys.Length > 0)
            model.Notes.Add($"the SavedModel was saved without signatures: functions of its object are signatures here: {string.Join(", ", keys)}");
        if (left.Count > 0)
            model.Notes.Add($"these functions capture tables or other resources, or give nothing, and are no signatures: {string.Join(", ", left)}");

        List<Value>? Bound(IReadOnlyList<long> nodes)
        {
            List<Value> bound = [];
            foreach (long at in nodes)
            {
                if (at < 0 || at >= objects.Count)
                    return null;
                if (Captured((int)at) is not { } node)
                    return null;
                bound.Add(node);
            }

            return bound;
        }

        Node? Captured(int at)
        {
            if (objects[at] is { Constant: { } constant })
                return model.Graph.TryGet(constant, out Node? found) ? found : null;
            if (objects[at].Variable is not { } name)
                return null;
            // Several variables may have one name: the checkpoint tells them apart.
            values ??= SavedObjects.Values(model, objects) ?? [];
            return values.TryGetValue(at, out VariableEntry? entry) ? model.Graph[entry.Name] : named[name].Take(2).Count() == 1 ? variables[name].FirstOrDefault() : null;
        }
    }

    private static Signature Call(Graph graph, string key, Function function, List<Value> bound)
    {
        List<SignatureTensor> inputs = [];
        List<Value> values = [];
        foreach (FunctionArg arg in function.Args.SkipLast(bound.Count))
        {
            string name = arg.Attributes?["_user_specified_name"] is StringAttr { Bytes.Length: > 0 } given && !inputs.Exists(i => i.Name == given.Text) ? given.Text : arg.Name;
            Shape shape = arg.Attributes?["_output_shapes"] is ListAttr { Shapes: [var only] } ? only.Value : Shape.Unknown;
            Node node = graph.Add(graph.FreeName($"{key}_{arg.Name}"), "Placeholder", [], new AttributeMap { { "dtype", arg.DType }, { "shape", shape } });
            inputs.Add(new SignatureTensor(name, $"{node.Name}:0", arg.DType, shape));
            values.Add(node);
        }

        Node call = graph.Add(graph.FreeName(key), "StatefulPartitionedCall", [.. values, .. bound], new AttributeMap
        {
            { "Tin", new ListAttr { Types = [.. function.Args.Select(a => a.DType)] } },
            { "Tout", new ListAttr { Types = [.. function.Results.Select(r => r.Result.DType)] } },
            { "f", new FunctionAttr(function.Name, new AttributeMap()) },
        });
        return new Signature(key, "", inputs, [.. function.Results.Select((r, i) => new SignatureTensor(r.Result.Name, $"{call.Name}:{i}", r.Result.DType, Shape.Unknown))]);
    }
}
