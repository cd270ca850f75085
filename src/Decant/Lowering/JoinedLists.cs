using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering;

/// <summary>
/// Lists whose elements a loop writes one behind the other, and of which nothing but all elements joined is read, as the tensor that they are joined to.
/// In TensorFlow Lite a list is a tensor of elements of one shape; these may have different lengths.
/// </summary>
internal static class JoinedLists
{
    /// <summary>Changes the loops of a model, whose functions are its own.</summary>
    /// <param name="model">The model; facts are inferred.</param>
    /// <param name="kept">Values of the graph that somebody reads.</param>
    /// <returns>Whether there were any: facts are to be inferred again.</returns>
    public static bool Run(Model model, IReadOnlyCollection<Value> kept)
    {
        bool changed = false;
        foreach (Graph graph in model.Functions.Values.Prepend(model.Graph).ToList())
        {
            Value[] results = graph is Function function ? [.. function.Results.Select(r => r.Value)] : [.. kept];
            foreach (Node loop in graph.Nodes.Where(n => n.Op.Name is "While" or "StatelessWhile").ToList())
            {
                if (Part(model, loop, "body") is not { } body || Part(model, loop, "cond") is not { } condition || body.Args.Count != loop.Inputs.Count || condition.Args.Count != loop.Inputs.Count || body.Results.Count != loop.Inputs.Count)
                    continue;
                for (int i = 0; i < loop.Inputs.Count; i++)
                    changed |= Appended(loop, i, body, condition) is { } write && Readers(graph, loop, i, results) is { } readers && Change(graph, loop, i, body, condition, write, readers);
            }
        }

        return changed;
    }

    /// <summary>A function of a loop that nothing else calls.</summary>
    private static Function? Part(Model model, Node loop, string attribute) =>
        loop.Attributes[attribute] is FunctionAttr part && model.Functions.TryGetValue(part.Name, out Function? function)
        && model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes).Sum(n => n.Attributes.Count(a => a.Value is FunctionAttr called && called.Name == part.Name)) == 1 ? function : null;

    /// <summary>What a loop writes at the end of the list that is its variable, where it does nothing else with the list.</summary>
    private static Write? Appended(Node loop, int variable, Function body, Function condition)
    {
        if (Write.Of(body.Results[variable].Value.Node) is not { } write || write.List != new Value(body.ArgNodes[variable]) || !StartsEmpty(loop.Inputs[variable], write))
            return null;
        bool isReadElsewhere = body.Nodes.SelectMany(n => n.Inputs).Concat(body.Results.Select(r => r.Value)).Count(v => v.Node == body.ArgNodes[variable]) != 1
            || condition.Nodes.SelectMany(n => n.Inputs).Concat(condition.Results.Select(r => r.Value)).Any(v => v.Node == condition.ArgNodes[variable])
            || body.Nodes.SelectMany(n => n.Inputs).Concat(body.Results.Select(r => r.Value)).Count(v => v.Node == write.Node) != 1;
        Shape item = write.Item.Node.Fact(write.Item.Port).Shape;
        return !isReadElsewhere && item is { HasRank: true, Rank: > 0, IsFullyKnown: false } && new Shape([.. item.Dims[1..]]).IsFullyKnown && (!write.Place.IsPresent || Counts(loop, body, write.Place)) ? write : null;
    }

    // Elements that nothing writes are zeros where their shape is known.
    private static bool StartsEmpty(Value list, Write write) => list.Node.Op.Name switch
    {
        "TensorArrayV3" => write.Node.Op == "TensorArrayWriteV3" && list.Port == 1 && list.Node.Attributes["element_shape"] is not ShapeAttr { Value.IsFullyKnown: true },
        "TensorListReserve" => write.Node.Op == "TensorListSetItem" && list.Node.Inputs[0].Constant is { } shape && (shape.Shape.Rank == 0 || TensorInts.Read(shape, list.Node).Any(d => d < 0)),
        "EmptyTensorList" => write.Node.Op == "TensorListPushBack",
        _ => false,
    };

    /// <summary>Whether a value in the body of a loop is 0, 1, ... in the iterations.</summary>
    private static bool Counts(Node loop, Function body, Value place)
    {
        int counter = body.ArgNodes.IndexOf(place.Node);
        return counter >= 0 && IsNumber(loop.Inputs[counter], 0) && body.Results[counter].Value.Node is { Op.Name: "Add" or "AddV2", Inputs: [var first, var second] }
            && ((first == place && IsNumber(second, 1)) || (second == place && IsNumber(first, 1)));
    }

    private static bool IsNumber(Value value, long number) => value.Constant is { ElementCount: 1, DType: DType.Int32 or DType.Int64 } constant && TensorInts.Read(constant, value.Node) is [var read] && read == number;

    /// <summary>The nodes that join the list that a loop gives; null where anything else reads it, or the lengths of its elements.</summary>
    private static List<Node>? Readers(Graph graph, Node loop, int output, Value[] results)
    {
        var list = new Value(loop, output);
        List<Node> readers = [.. graph.Nodes.Where(n => n.Inputs.Contains(list))];
        bool areJoins = readers.Count > 0 && readers.TrueForAll(r => r.Op.Name is "TensorArrayConcatV3" or "TensorListConcat" or "TensorListConcatV2");
        return areJoins && !results.Contains(list) && !graph.Nodes.SelectMany(n => n.Inputs).Concat(results).Any(v => v.Port == 1 && readers.Contains(v.Node)) ? readers : null;
    }

    private static bool Change(Graph graph, Node loop, int variable, Function body, Function condition, Write write, List<Node> readers)
    {
        Fact item = write.Item.Node.Fact(write.Item.Port);
        var builder = new GraphBuilder(graph);
        loop.Inputs[variable] = builder.Const($"{loop.Name}/joined", Empty(item));
        foreach (Function part in (Function[])[body, condition])
        {
            part.Args[variable] = part.Args[variable] with { DType = item.DType, Encoded = default };
            part.ArgNodes[variable].Attributes.Set("T", item.DType);
        }

        body.Results[variable] = (body.Results[variable].Result with { DType = item.DType, Encoded = default }, body.Results[variable].Value);
        loop.Attributes.Set("T", new ListAttr { Types = [.. body.Args.Select(a => a.DType)] });
        write.Node.Op = "ConcatV2";
        write.Node.Attributes = new AttributeMap { { "T", item.DType }, { "N", 2 }, { "Tidx", DType.Int32 } };
        write.Node.Inputs.Clear();
        write.Node.Inputs.AddRange([write.List, write.Item, new GraphBuilder(body).Const($"{write.Node.Name}/axis", Tensor.Scalar(0))]);
        foreach (Node reader in readers)
        {
            reader.Op = "Identity";
            reader.Attributes = new AttributeMap { { "T", item.DType } };
            reader.Inputs.Clear();
            reader.Inputs.Add(new Value(loop, variable));
        }

        return true;
    }

    private static Tensor Empty(Fact item)
    {
        var shape = new Shape([0, .. item.Shape.Dims[1..]]);
        return item.DType == DType.String ? Tensor.FromStrings([], shape) : new Tensor(item.DType, shape, default(BufferSlice));
    }

    /// <summary>A node that writes an element; the place is not present where it goes to the end.</summary>
    private sealed record Write(Node Node, Value List, Value Place, Value Item)
    {
        public static Write? Of(Node node) => (node.Op.Name, node.Inputs) switch
        {
            ("TensorArrayWriteV3", [_, var place, var item, var flow]) => new Write(node, flow, place, item),
            ("TensorListSetItem", [var list, var place, var item]) => new Write(node, list, place, item),
            ("TensorListPushBack", [var list, var item]) => new Write(node, list, default, item),
            _ => null,
        };
    }
}
