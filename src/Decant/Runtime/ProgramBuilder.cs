using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Runtime;

/// <summary>
/// Makes a program: finds the nodes that fetches need, computes what is constant, joins nodes into steps, prepares their kernels
/// and numbers the values.
/// </summary>
/// <param name="engine">What the program is for.</param>
/// <param name="changing">Variables not to be taken for constants; null to take none for constant.</param>
internal sealed class ProgramBuilder(Engine engine, IReadOnlySet<Variable>? changing = null)
{
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>Whether the program runs a single time: no weights are kept in another form for later runs.</summary>
    public bool RunsOnce { get; init; }

    public Program Build(IReadOnlyList<Value> feeds, IReadOnlyList<Value> fetches, IEnumerable<Node> targets)
    {
        HashSet<Value> fed = [.. feeds];
        Node[] roots = [.. targets];
        List<Node> order = NodeOrder.Of(fetches.Where(f => !fed.Contains(f)).Select(f => f.Node).Concat(roots), fed);
        VariableReads? variables = changing is null ? null : new VariableReads(order, engine.Resources, changing);
        var constants = new ConstantValues(engine, fed, variables) { StreamsWeights = RunsOnce };
        HashSet<Node> kept = [.. roots];
        List<PlannedNode> units = [.. order.Where(n => !constants.TryCompute(n) || kept.Contains(n)).Select(n => new PlannedNode(n))];
        RemoveUnread(units, [.. kept, .. fetches.Select(f => f.Node)]);
        Value[] outside = [.. fetches, .. roots.Select(r => (Value)r), .. feeds];
        if (engine.Fuses)
        {
            var readers = new ValueReaders(units.Select(u => u.Node), outside);
            units = new EpilogueFusion(engine, constants, readers, foldsWeights: !RunsOnce).Run(units);
            if (!RunsOnce)
                units = new TFLiteFusion(constants, readers).Run(units);
        }

        Dictionary<Node, int> used = UsedPorts(units.SelectMany(u => u.Node.Inputs).Concat(fetches));
        List<(PlannedNode, Kernel)> prepared = [];
        foreach (PlannedNode unit in units)
        {
            if (Prepare(unit.Node, unit.Fused.Count > 0, used.GetValueOrDefault(unit.Output), constants) is { } kernel)
                prepared.Add((unit, kernel));
        }

        if (_diagnostics.Count > 0)
            throw new ModelException(_diagnostics);
        if (engine.Fuses)
            prepared = new ChainFusion(new ValueReaders(units.Select(u => u.Node), outside), constants).Run(prepared);
        Program program = Number(prepared, used, feeds, fetches, constants, variables?.Assumed ?? []);
        constants.LetGo();
        return program;
    }

    /// <summary>Removes what nobody reads any more, since its readers were computed.</summary>
    private static void RemoveUnread(List<PlannedNode> units, HashSet<Node> read)
    {
        for (int i = units.Count - 1; i >= 0; i--)
        {
            PlannedNode unit = units[i];
            if (!read.Contains(unit.Output) && (unit.Node.Op.Name is "VarHandleOp" or "NoOp" || Purity.IsPure(unit.Node)))
            {
                units.RemoveAt(i);
                continue;
            }

            foreach (Value input in unit.Node.Inputs)
            {
                if (input.IsPresent)
                    read.Add(input.Node);
            }
        }
    }

    /// <summary>For each node the number of its outputs that something reads: the highest port plus one.</summary>
    private static Dictionary<Node, int> UsedPorts(IEnumerable<Value> read)
    {
        var used = new Dictionary<Node, int>();
        foreach (Value value in read)
        {
            if (value.IsPresent)
                used[value.Node] = Math.Max(used.GetValueOrDefault(value.Node), value.Port + 1);
        }

        return used;
    }

    /// <summary>Gives every value that is read a slot and finds where it is read last.</summary>
    private static Program Number(List<(PlannedNode Unit, Kernel Kernel)> units, Dictionary<Node, int> usedPorts, IReadOnlyList<Value> feeds, IReadOnlyList<Value> fetches, ConstantValues constants, HashSet<(Variable, int)> assumed)
    {
        var slots = new Dictionary<Value, int>();
        var fixedSlots = new List<(int, Tensor)>();
        var lastUse = new Dictionary<int, int>();
        HashSet<Value> fed = [.. feeds];
        foreach (Value feed in feeds)
            slots.TryAdd(feed, slots.Count);

        // Constants and fetches that nothing feeds or computes are read here, when it is known that somebody needs them.
        int SlotOf(Value value)
        {
            if (slots.TryGetValue(value, out int slot))
                return slot;
            slots[value] = slot = slots.Count;
            if (constants.Find(value) is { } read)
                fixedSlots.Add((slot, constants.Forms.InPlace(read)));
            return slot;
        }

        var inputs = new int[units.Count][];
        var outputs = new int[units.Count][];
        for (int i = 0; i < units.Count; i++)
        {
            (PlannedNode unit, Kernel kernel) = units[i];
            int used = usedPorts.GetValueOrDefault(unit.Output);
            Value[] values = [.. unit.Node.Inputs];
            inputs[i] = [.. values.Select((v, k) => v.IsPresent && kernel.Reads(k) ? SlotOf(v) : -1)];
            foreach (int slot in inputs[i])
                lastUse[slot] = i;
            outputs[i] = new int[used];
            for (int port = 0; port < used; port++)
            {
                // What is fed is not computed, though other outputs of the node are.
                if (fed.Contains(new Value(unit.Output, port)))
                {
                    outputs[i][port] = -1;
                    continue;
                }

                int slot = SlotOf(new Value(unit.Output, port));
                lastUse.TryAdd(slot, i);
                outputs[i][port] = slot;
            }
        }

        int[] fetchSlots = [.. fetches.Select(SlotOf)];
        HashSet<int> alive = [.. fetchSlots, .. fixedSlots.Select(f => f.Item1)];
        ILookup<int, int> deadAfter = lastUse.Where(u => u.Key >= 0 && !alive.Contains(u.Key)).ToLookup(u => u.Value, u => u.Key);
        return new Program
        {
            Steps = [.. units.Select((u, i) => new Step(u.Unit.Node, u.Kernel, inputs[i], outputs[i], [.. deadAfter[i]]) { Fused = u.Unit.Fused, UnreadShapes = UnreadShapes(u.Unit, u.Kernel, constants) })],
            SlotCount = slots.Count,
            Constants = [.. fixedSlots],
            Feeds = [.. feeds.Select(f => slots[f])],
            Fetches = fetchSlots,
            Assumed = [.. assumed],
            Forms = constants.Forms,
        };
    }

    /// <summary>The shapes of constants that the kernel took at preparation; default for other inputs, also for those that the op has no use for.</summary>
    private static Shape[] UnreadShapes(PlannedNode unit, Kernel kernel, ConstantValues constants) =>
        [.. unit.Node.Inputs.Select((v, k) => v.IsPresent && !kernel.Reads(k) ? constants.Find(v)?.Invoke().Shape ?? default : default)];

    private Kernel? Prepare(Node node, bool isFused, int usedOutputs, ConstantValues constants)
    {
        try
        {
            if (!engine.Ops.TryGet(node.Op, out Op? op) && node.Op.Dialect == Dialect.TensorFlow && engine.Find(node.Op.Name) is { } function)
                return FunctionCallKernel.Of(node, function, usedOutputs);
            if (op is not IHasKernel ready)
                throw OpErrors.NoKernel.At(node.At(), $"op {node.Op} has no kernel", MissingKernel.Hint(node.Op));
            if (!isFused)
                DeclaredInputs.Check(node);
            return ready.Prepare(new EngineKernelRequest(engine, constants, node, usedOutputs, RunsOnce));
        }
        catch (ModelException e)
        {
            _diagnostics.AddRange(e.Diagnostics.Select(d => d.Location is null ? d with { Location = node.At() } : d));
            return null;
        }
    }
}
