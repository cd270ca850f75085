using Decant.IR;
using Decant.Ops.TFLite;
using Decant.Passes.Freeze;

namespace Decant.Lowering;

/// <summary>What a session keeps: variables that are written to, and lookup tables. CALL_ONCE runs a subgraph that fills them.</summary>
internal static class SessionState
{
    private static readonly OpName CallOnce = new(Dialect.TFLite, "CALL_ONCE");

    /// <summary>
    /// Begins the subgraph of a signature with the operator that fills what it keeps, if it keeps anything. All signatures have one subgraph
    /// for that, so that none fills again what another has changed.
    /// </summary>
    /// <param name="shared">The model in the making.</param>
    /// <param name="work">The graph of the signature.</param>
    /// <param name="main">Its subgraph, which is empty.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    public static void Fill(LoweredModel shared, Model work, Function main, Func<Node, Tensor> read)
    {
        Node[] kept = [.. work.Graph.Nodes.Where(n => (VariableEntry.IsVariable(n) && shared.Variables.Contains(n.Name)) || TableInitializers.IsInitializer(n))];
        if (kept.Length == 0)
            return;
        if (shared.Initializer is not { } init)
            shared.Subgraphs.Add(shared.Initializer = init = new Function(shared.FreeName("init")));
        var lowering = new SubgraphLowering(shared, work, work.Graph, init);
        kept = [.. kept.Where(n => shared.Initialized.Add(n.Name))];
        lowering.Run([.. kept.Select(n => new Value(n))]);
        foreach (Node variable in kept.Where(VariableEntry.IsVariable))
        {
            Value value = lowering.AddConst(variable.Name, read(variable));
            init.Add(lowering.FreeName($"{variable.Name}/ASSIGN_VARIABLE"), new OpName(Dialect.TFLite, "ASSIGN_VARIABLE"), [lowering.Result(variable), value]);
        }

        main.Add(main.FreeName("init"), CallOnce, [], new() { { "init_subgraph_index", new FunctionAttr(init.Name, new()) } });
    }

    /// <summary>Makes operators with effects run in the order in which they were made.</summary>
    public static void Order(Model model)
    {
        if (!model.Functions.Values.Prepend((Function)model.Graph).Any(f => f.Nodes.Any(n => n.Op == CallOnce)))
            return;

        // Subgraphs follow those that call them.
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph).Reverse())
        {
            Node? last = null;
            foreach (Node node in function.Nodes.Where(n => TFLiteEffects.Has(n, name => model.Functions[name])))
            {
                if (last is not null)
                    node.ControlInputs.Add(last);
                last = node;
            }

            if (last is null)
                continue;
            function.IsStateful = true;
            function.ControlResults.Add((last.Name, last));
        }
    }
}
