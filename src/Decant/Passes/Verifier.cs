using System.Globalization;
using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes;

/// <summary>
/// Finds what is wrong with a graph by itself: edges to nodes of other graphs, ports that an op does not have, wrong numbers
/// and types of inputs, missing attributes and attributes of the wrong kind, cycles, functions that are not there. Ops that
/// the catalogue does not know are checked for their edges only.
/// </summary>
public static class Verifier
{
    private const int MaxFaults = 100;

    /// <summary>The faults of a model's graph and functions, at most a hundred.</summary>
    public static IReadOnlyList<Diagnostic> Find(Model model)
    {
        var faults = new List<Diagnostic>();
        foreach (Graph graph in model.Functions.Values.Prepend(model.Graph))
        {
            Check(graph, model.Functions, faults);
            if (faults.Count >= MaxFaults)
                return faults[..MaxFaults];
        }

        return faults;
    }

    /// <summary>Throws when there are faults.</summary>
    /// <exception cref="ModelException">All faults found.</exception>
    public static void Check(Model model)
    {
        if (Find(model) is { Count: > 0 } faults)
            throw new ModelException(faults);
    }

    /// <summary>
    /// The attributes alone: those that are missing, of the wrong kind, or have a value that the op does not allow. TensorFlow
    /// refuses to import a graph with any of them, so no sound model has one.
    /// </summary>
    public static IReadOnlyList<Diagnostic> FindBadAttributes(Model model)
    {
        var faults = new List<Diagnostic>();
        string? file = model.Path.Length > 0 ? model.Path : null;
        var sound = new Dictionary<OpDef, AttributeMap>(ReferenceEqualityComparer.Instance);
        void Fault(ErrorCode code, Location at, string message) => faults.Add(new Diagnostic(code, message, at with { File = file ?? at.File }));
        foreach (Node node in model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes))
        {
            // Most nodes of an op have the same attributes, which need no second look.
            if (node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { } op || (sound.TryGetValue(op, out AttributeMap? same) && same.IsSameAs(node.Attributes)))
                continue;
            int before = faults.Count;
            CheckAttributes(node, op, Fault);
            if (faults.Count == before)
                sound[op] = node.Attributes;
            if (faults.Count >= MaxFaults)
                break;
        }

        return faults;
    }

    private static void Check(Graph graph, IReadOnlyDictionary<string, Function> functions, List<Diagnostic> faults)
    {
        var members = graph.Nodes.ToHashSet();
        var sources = new Dictionary<Node, Source>();
        void Fault(ErrorCode code, Location at, string message) => faults.Add(new Diagnostic(code, message, at));
        foreach (Node node in graph.Nodes)
        {
            foreach (Node input in node.Inputs.Where(i => i.IsPresent).Select(i => i.Node).Concat(node.ControlInputs))
            {
                if (!members.Contains(input))
                    Fault(GraphErrors.MissingNode, node.At(), $"reads '{input.Name}', which is a node of another graph or was removed");
            }

            foreach (string called in Effects.Called(node).Where(c => !functions.ContainsKey(c)))
                Fault(GraphErrors.MissingNode, node.At(), $"refers to the function '{called}', which the model does not have");
            if (node.Op.Dialect == Dialect.TensorFlow && OpCatalogue.Find(node.Op.Name) is { } op)
                Check(node, op, functions, sources, Fault);
            if (faults.Count >= MaxFaults)
                return;
        }

        if (graph is Function function)
        {
            foreach (Node node in function.Results.Select(r => r.Value.Node).Concat(function.ControlResults.Select(r => r.Node)).Concat(function.ArgNodes))
            {
                if (!members.Contains(node))
                    Fault(GraphErrors.MissingNode, node.At(), $"is an argument or result of the function '{function.Name}', but no node of it");
            }
        }

        try
        {
            TopologicalOrder.Of(graph);
        }
        catch (ModelException e)
        {
            faults.AddRange(e.Diagnostics);
        }
    }

    private static void CheckAttributes(Node node, OpDef op, Action<ErrorCode, Location, string> fault)
    {
        foreach (AttrDef attribute in op.Attributes)
        {
            AttrValue? value = node.Attributes[attribute.Name];
            if (value is null or EmptyAttr)
            {
                if (attribute.Default is null && !attribute.Type.StartsWith("list(", StringComparison.Ordinal))
                    fault(GraphErrors.BadAttribute, node.At(attribute.Name), $"is missing, expected {attribute.Type}");
            }
            else if (value is not PlaceholderAttr && !IsOfKind(value, attribute.Type))
            {
                fault(GraphErrors.BadAttribute, node.At(attribute.Name), $"is not of the kind that the op allows, expected {attribute.Type}");
            }
            else if (value is IntAttr { Value: var number } && (number < (attribute.Minimum ?? long.MinValue) || (IsCount(op, attribute) && number is < 0 or > OpDef.MaxCount)))
            {
                fault(GraphErrors.BadAttribute, node.At(attribute.Name), string.Create(CultureInfo.InvariantCulture, $"is {number}, expected {attribute.Minimum ?? 0} at least{(IsCount(op, attribute) ? $" and {OpDef.MaxCount} at most" : "")}"));
            }
            else if (!IsAllowed(value, attribute))
            {
                fault(GraphErrors.BadAttribute, node.At(attribute.Name), $"has a value that the op does not allow, expected one of {string.Join(", ", attribute.Allowed)}");
            }
        }
    }

    private static void Check(Node node, OpDef op, IReadOnlyDictionary<string, Function> functions, Dictionary<Node, Source> sources, Action<ErrorCode, Location, string> fault)
    {
        CheckAttributes(node, op, fault);
        bool isOpen = node.Attributes.Any(a => a.Value is PlaceholderAttr);
        IReadOnlyList<DType> types = op.InputTypes(node.Attributes);
        bool isKnown = !isOpen && op.Inputs.All(i => op.Count(i, node.Attributes) >= 0);
        if (isKnown && types.Count != node.Inputs.Count)
        {
            fault(GraphErrors.BadInputs, node.At(), $"has {node.Inputs.Count} inputs, expected {types.Count}");
            return;
        }

        for (int i = 0; i < node.Inputs.Count; i++)
            CheckInput(node, i, isKnown ? types[i] : DType.Invalid, functions, sources, fault);
    }

    private static void CheckInput(Node node, int index, DType expected, IReadOnlyDictionary<string, Function> functions, Dictionary<Node, Source> sources, Action<ErrorCode, Location, string> fault)
    {
        Value input = node.Inputs[index];
        if (!input.IsPresent)
            return;
        if (!sources.TryGetValue(input.Node, out Source? source))
            sources.Add(input.Node, source = Source.Of(input.Node));
        if (source.IsOpen)
            return;
        if (source.Types is { } types && input.Port >= types.Count)
        {
            fault(GraphErrors.BadInputs, node.At(), $"reads output {input.Port} of '{input.Node.Name}' ({input.Node.Op}), which has {types.Count} outputs");
            return;
        }

        DType found = source.Types is { } known ? known[input.Port] : OutputTypes.Of(input, functions);
        if (found == DType.Invalid || expected == DType.Invalid)
            return;
        if (found.Deref() != expected.Deref())
            fault(GraphErrors.BadInputs, node.At(), $"input {index} ('{input}') is {found.Deref().Name()}, expected {expected.Deref().Name()}");
        else if (expected.IsRef() && !found.IsRef())
            fault(GraphErrors.BadInputs, node.At(), $"input {index} ('{input}') is a value, expected a reference to a variable");
    }

    /// <summary>What the catalogue says of the outputs of a node that others read, found once for all its readers.</summary>
    private sealed record Source(bool IsOpen, IReadOnlyList<DType>? Types)
    {
        public static Source Of(Node node) => new(
            node.Attributes.Any(a => a.Value is PlaceholderAttr),
            node.Op.Dialect == Dialect.TensorFlow && OpCatalogue.Find(node.Op.Name) is { } op && op.Outputs.All(o => op.Count(o, node.Attributes) >= 0) ? op.OutputTypes(node.Attributes) : null);
    }

    private static bool IsCount(OpDef op, AttrDef attribute) => op.Inputs.Concat(op.Outputs).Any(a => a.NumberAttr == attribute.Name);

    private static bool IsOfKind(AttrValue value, string type) => value switch
    {
        StringAttr => type == "string",
        IntAttr => type == "int",
        FloatAttr => type == "float",
        BoolAttr => type == "bool",
        TypeAttr => type == "type",
        ShapeAttr => type == "shape",
        TensorAttr => type == "tensor",
        FunctionAttr => type == "func",
        ListAttr list => type.StartsWith("list(", StringComparison.Ordinal) && list.Count == type switch
        {
            "list(string)" => list.Strings.Count,
            "list(int)" => list.Ints.Count,
            "list(float)" => list.Floats.Count,
            "list(bool)" => list.Bools.Count,
            "list(type)" => list.Types.Count,
            "list(shape)" => list.Shapes.Count,
            "list(tensor)" => list.Tensors.Count,
            _ => list.Functions.Count,
        },
        _ => true,
    };

    private static bool IsAllowed(AttrValue value, AttrDef attribute) => attribute.Allowed.Count == 0 || value switch
    {
        StringAttr text => attribute.Allowed.Contains(text.Text),
        TypeAttr type => attribute.Allowed.Any(a => DTypes.TryParse(a, out DType allowed) && allowed == type.Value),
        _ => true,
    };
}
