using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Freeze;

/// <summary>
/// Makes variables constants. Where a handle went the value goes: through Identity, Switch, Enter and their like, and into
/// the functions of If, While and Case, which are copied under a new name with the argument's type changed.
/// </summary>
internal sealed class VariableFreezer(Dictionary<string, Function> functions)
{
    private readonly Dictionary<Graph, ILookup<Value, (Node User, int Input)>> _users = [];
    private readonly Dictionary<Function, (Graph Graph, Node Caller)> _callers = [];
    private readonly HashSet<Value> _done = [];
    private readonly Stack<(Graph Graph, Value Value)> _open = new();
    private string _variable = "";
    private bool _isHandle;
    private DType _dtype;
    private Shape _shape;

    public void Freeze(Graph graph, Node node, Tensor value)
    {
        if (node.Attributes["dtype"] is TypeAttr { Value: var dtype } && dtype.Deref() != value.DType)
            throw PassErrors.CannotFreeze.At(node.At(), $"is a variable of {dtype.Deref().Name()}, but its value is {value}");
        if (node.Attributes["shape"] is ShapeAttr { Value: { Rank: not 0 } shape } && !shape.IsCompatibleWith(value.Shape))
            throw PassErrors.CannotFreeze.At(node.At(), $"is a variable of shape {shape}, but its value is {value}");
        (_variable, _isHandle, _dtype, _shape) = (node.Name, node.Op.Name == "VarHandleOp", value.DType, value.Shape);
        node.Op = "Const";
        node.Attributes = new AttributeMap { { "dtype", value.DType }, { "value", new TensorAttr(value) } };
        node.Unknown = default;
        node.OutputNames = null;
        node.Facts = [];
        node.ControlInputs.Clear();
        Change(graph, node);
        while (_open.TryPop(out (Graph Graph, Value Value) next))
        {
            foreach ((Node user, int input) in Users(next.Graph)[next.Value])
                Visit(next.Graph, user, input);
            if (next.Graph is Function function)
                ChangeResults(function, next.Value);
        }
    }

    /// <summary>Notes that a value is now what the variable holds.</summary>
    private void Change(Graph graph, Value value)
    {
        if (_done.Add(value))
            _open.Push((graph, value));
    }

    private void Visit(Graph graph, Node user, int input)
    {
        switch (user.Op.Name)
        {
            case var op when !_isHandle && !op.StartsWith("Ref", StringComparison.Ordinal) && op != "IsVariableInitialized":
                Refuse(user, input);
                break;
            case "ReadVariableOp":
                Become(user, "Identity", ("T", _dtype));
                break;
            case "ResourceGather":
                BecomeGather(graph, user);
                break;
            case "ResourceGatherNd":
                Become(user, "GatherNd", ("Tparams", _dtype), ("Tindices", user.Attributes["Tindices"]));
                break;
            case "VariableShape":
                Become(user, "Shape", ("T", _dtype), ("out_type", user.Attributes["out_type"]));
                break;
            case "VarIsInitializedOp" or "IsVariableInitialized":
                user.Inputs.Clear();
                Become(user, "Const", ("dtype", DType.Bool), ("value", Tensor.Scalar(true)));
                break;
            case "Identity" or "RefIdentity" or "Enter" or "RefEnter" or "Exit" or "RefExit" or "NextIteration" or "RefNextIteration" or "Merge" or "RefMerge":
                PassOn(user);
                Change(graph, user);
                break;
            case "Switch" or "RefSwitch" when input == 0:
                PassOn(user);
                Change(graph, user);
                Change(graph, new Value(user, 1));
                break;
            case "IdentityN":
                SetType(user, "T", input);
                Change(graph, new Value(user, input));
                break;
            case "If" or "StatelessIf" when input > 0:
                SetType(user, "Tin", input - 1);
                ChangeArguments(graph, user, input - 1, "then_branch", "else_branch");
                break;
            case "Case" or "StatelessCase" when input > 0:
                SetType(user, "Tin", input - 1);
                ChangeArguments(graph, user, input - 1, "branches");
                break;
            case "While" or "StatelessWhile":
                SetType(user, "T", input);
                if (user.Attributes["output_shapes"] is ListAttr { Shapes: { Count: > 0 } shapes } && input < shapes.Count)
                    user.Attributes["output_shapes"] = new ListAttr { Shapes = [.. shapes.Select((s, i) => i == input ? new ShapeAttr(_shape) : s)] };
                ChangeArguments(graph, user, input, "cond", "body");
                Change(graph, new Value(user, input));
                break;
            default:
                Refuse(user, input);
                break;
        }
    }

    /// <summary>Refuses what takes a handle or a reference; a plain value it may be.</summary>
    private void Refuse(Node user, int input)
    {
        if (OpCatalogue.Find(user.Op.Name) is not { } op || op.InputTypes(user.Attributes) is var types && (input >= types.Count || (types[input] != DType.Resource && !types[input].IsRef())))
            return;
        throw PassErrors.CannotFreeze.At(
            user.At(), $"uses the variable '{_variable}' otherwise than by reading it, which a constant does not allow",
            $"name the outputs, so that this node is not needed: --outputs NAME,...; or let '{_variable}' stay a variable");
    }

    private static void Become(Node node, string op, params ReadOnlySpan<(string Name, AttrValue? Value)> attributes)
    {
        var kept = new AttributeMap();
        foreach ((string name, AttrValue? value) in attributes)
        {
            if (value is not null)
                kept.Set(name, value);
        }

        if (node.Attributes["_class"] is { } colocation)
            kept.Set("_class", colocation);
        node.Op = op;
        node.Attributes = kept;
        node.Unknown = default;
        node.OutputNames = null;
        node.Facts = [];
    }

    /// <summary>A gather along the axis that follows the batch dimensions.</summary>
    private void BecomeGather(Graph graph, Node node)
    {
        AttrValue batch = node.Attributes["batch_dims"] ?? 0;
        DType indices = (node.Attributes["Tindices"] as TypeAttr)?.Value ?? DType.Int32;
        long axis = (batch as IntAttr)?.Value ?? 0;
        node.Inputs.Add(graph.AddConst(graph.FreeName($"{node.Name}/axis"), indices == DType.Int64 ? Tensor.Scalar(axis) : Tensor.Scalar((int)axis)));
        Become(node, "GatherV2", ("Tparams", _dtype), ("Tindices", indices), ("Taxis", indices), ("batch_dims", batch));
    }

    private void PassOn(Node node)
    {
        if (node.Op.Name.StartsWith("Ref", StringComparison.Ordinal))
            node.Op = node.Op.Name[3..];
        node.Attributes["T"] = _dtype;
        node.Attributes.Remove("_output_shapes");
        node.Unknown = default;
        node.Facts = [];
    }

    private void SetType(Node node, string attribute, int index)
    {
        if (node.Attributes[attribute] is not ListAttr { Types: var types } || index >= types.Count)
            throw GraphErrors.BadAttribute.At(node.At(attribute), $"has no element {index}, expected the type of an input");
        node.Attributes[attribute] = new ListAttr { Types = [.. types.Select((t, i) => i == index ? _dtype : t)] };
        node.Facts = [];
    }

    private void ChangeArguments(Graph graph, Node caller, int index, params ReadOnlySpan<string> attributes)
    {
        foreach (string attribute in attributes)
        {
            if (caller.Attributes[attribute] is ListAttr list)
                caller.Attributes[attribute] = new ListAttr { Functions = [.. list.Functions.Select(f => ChangeArgument(graph, caller, f, index))] };
            else if (caller.Attributes[attribute] is FunctionAttr function)
                caller.Attributes[attribute] = ChangeArgument(graph, caller, function, index);
        }
    }

    private FunctionAttr ChangeArgument(Graph graph, Node caller, FunctionAttr attribute, int index)
    {
        if (!functions.TryGetValue(attribute.Name, out Function? function) || index >= function.Args.Count)
            throw PassErrors.CannotFreeze.At(caller.At(), $"hands the variable '{_variable}' to argument {index} of the function '{attribute.Name}', which there is not");
        if (!_callers.TryGetValue(function, out (Graph Graph, Node Caller) known) || known.Caller != caller)
        {
            function = function.Copy(FrozenName(attribute.Name));
            function.Attributes.Remove("_input_shapes");
            functions.Add(function.Name, function);
            _callers[function] = (graph, caller);
        }

        FunctionArg arg = function.Args[index];
        AttributeMap? attributes = arg.Attributes?.Clone();
        attributes?.Remove("_output_shapes");
        function.Args[index] = new FunctionArg(arg.Name, _dtype) { Attributes = attributes };
        function.ArgNodes[index].Attributes["T"] = _dtype;
        Change(function, function.ArgNodes[index]);
        return attribute with { Name = function.Name };
    }

    private void ChangeResults(Function function, Value value)
    {
        for (int i = 0; i < function.Results.Count; i++)
        {
            if (function.Results[i].Value != value)
                continue;
            function.Results[i] = (new FunctionArg(function.Results[i].Result.Name, _dtype), value);
            if (!_callers.TryGetValue(function, out (Graph Graph, Node Caller) caller) || caller.Caller.Op.Name is "While" or "StatelessWhile")
                continue;
            SetType(caller.Caller, "Tout", i);
            Change(caller.Graph, new Value(caller.Caller, i));
        }
    }

    /// <summary>TensorFlow's: the name without a number at its end, <c>_frozen_</c> and a number.</summary>
    private string FrozenName(string name)
    {
        int end = name.LastIndexOf('_');
        string stem = end > 0 && end + 1 < name.Length && name.AsSpan(end + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..end] : name;
        for (int i = 0; ; i++)
        {
            if (!functions.ContainsKey($"{stem}_frozen_{i}"))
                return $"{stem}_frozen_{i}";
        }
    }

    private ILookup<Value, (Node User, int Input)> Users(Graph graph)
    {
        if (!_users.TryGetValue(graph, out ILookup<Value, (Node User, int Input)>? users))
        {
            _users[graph] = users = graph.Nodes
                .SelectMany(n => n.Inputs.Select((value, i) => (value, User: n, Input: i))).Where(u => u.value.IsPresent)
                .ToLookup(u => u.value, u => (u.User, u.Input));
        }

        return users;
    }
}
