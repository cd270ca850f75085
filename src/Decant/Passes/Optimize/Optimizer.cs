using Decant.IR;
using Decant.Passes.Freeze;

namespace Decant.Passes.Optimize;

/// <summary>
/// Freezes a model and applies passes until none finds anything more. Inputs and outputs keep their names, types and shapes;
/// what the outputs are stays the same within the rounding of weights.
/// </summary>
public static class Optimizer
{
    /// <summary>Rounds over all passes; each makes the graph smaller or cheaper, so this many mean that two passes undo one another.</summary>
    private const int MaxRounds = 40;

    /// <summary>The first GraphDef version in which a placeholder of shape [] is a scalar, and not one whose shape is not known.</summary>
    private const int ScalarPlaceholders = 22;

    /// <summary>Optimizes a model, which stays as it is and owns the files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What and how far.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    /// <exception cref="ModelException">The model cannot be frozen.</exception>
    public static OptimizeResult Run(Model model, OptimizeOptions options, Func<Node, Tensor> read)
    {
        SignatureView view = SignatureView.Of(model, options.Signature);
        string[] inputs = [.. (options.Inputs ?? [.. view.Inputs.Select(i => i.Name)]).Select(n => view.Resolve(n, isInput: true).ToString()).Distinct()];
        string[] outputs = [.. (options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]).Select(n => view.Resolve(n, isInput: false).ToString()).Distinct()];
        Model work = Frozen(model, options, read);
        CheckExcluded(options.Folding, model, work);
        UnknownScalars(work);
        inputs = [.. inputs.Where(i => work.Graph.TryGet(NodeName(i), out _))];
        string[] kept = [.. inputs.Concat(outputs).Select(NodeName).Distinct()];
        List<string> training = WithoutTraining(work, inputs, outputs, options);
        Model reference = work.Copy();
        GrowthBudget growth = Growth(work, options);
        List<string> edits = [];
        List<Decline> declines = [];
        bool changed = true;
        for (int round = 0; changed && edits.Count < options.MaxEdits; round++)
        {
            if (round == MaxRounds)
                throw new InvalidOperationException($"passes undo one another: after {round} rounds there are still edits, the last is '{edits[^1]}'");
            int before = edits.Count;
            declines.Clear();
            Apply(OptimizePasses.All(options, growth), functions: true);
            Apply(OptimizePasses.Callers(options), functions: false);
            if (edits.Count == before)
                Apply(OptimizePasses.Last(options), functions: true);
            changed = edits.Count > before;
            work = Inlined(work, kept);
        }

        foreach (Graph graph in work.Functions.Values.Prepend(work.Graph))
            Colocation.RemoveDangling(graph);
        work.Graph.Reorder(TopologicalOrder.Of(work.Graph));
        return new OptimizeResult(work, reference, inputs, outputs, new PassReport(edits, declines), !changed) { Training = training };

        void Apply(IEnumerable<Pass> passes, bool functions)
        {
            PassReport report = PassDriver.Run(work, passes, new PassOptions { Inputs = inputs, Outputs = outputs, MaxEdits = options.MaxEdits - edits.Count, Verify = options.CheckEdits, Functions = functions, Ops = options.Ops });
            edits.AddRange(report.Edits);
            declines.AddRange(report.Declines);
        }
    }

    /// <summary>Removes dropout, and says by which edits; none when there is no dropout.</summary>
    private static List<string> WithoutTraining(Model model, string[] inputs, string[] outputs, OptimizeOptions options)
    {
        if (!model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes).Any(n => n.Op.Name.Contains("RandomUniform", StringComparison.Ordinal)))
            return [];
        Model trial = model.Copy();
        if (!Run(trial).Exists(e => e.StartsWith("drop_dropout", StringComparison.Ordinal)))
            return [];
        return Run(model);

        List<string> Run(Model on)
        {
            List<string> edits = [];
            GrowthBudget growth = Growth(on, options);
            for (int before = -1; edits.Count > before;)
            {
                before = edits.Count;
                edits.AddRange(PassDriver.Run(on, OptimizePasses.Training(options, growth), new PassOptions { Inputs = inputs, Outputs = outputs, Verify = options.CheckEdits, Functions = true, Ops = options.Ops }).Edits);
            }

            return edits;
        }
    }

    /// <summary>Nodes that are to be left alone are those of the frozen graph; one that only the original has is gone already.</summary>
    private static void CheckExcluded(ConstantFoldingOptions folding, Model model, Model work)
    {
        foreach (string name in folding.ExcludedNodes)
        {
            if (!work.Functions.Values.Append(model.Graph).Concat(model.Functions.Values).Any(g => g.TryGet(name, out _)))
                _ = work.Graph[name];
        }
    }

    private static GrowthBudget Growth(Model model, OptimizeOptions options) => options.MaxGrowth is { } most ? new GrowthBudget(most) : GrowthBudget.Of(model);

    /// <summary>The model frozen; a graph without a checkpoint keeps the variables that it initializes or writes itself.</summary>
    private static Model Frozen(Model model, OptimizeOptions options, Func<Node, Tensor> read)
    {
        var freeze = new FreezeOptions { Inputs = options.Inputs, Outputs = options.Outputs, Signature = options.Signature, ClearDevices = options.ClearDevices, VariableDenyList = options.KeptVariables };
        try
        {
            return Freezer.Freeze(model, freeze, read);
        }
        catch (ModelException e) when (model.Checkpoint is null && e.Diagnostics.All(d => d.Code == PassErrors.CannotFreeze || d.Code == GraphErrors.NoValue))
        {
            return Freezer.Freeze(model, freeze with { VariableAllowList = [] }, read);
        }
    }

    /// <summary>Without calls, such as those that remain of a branch that is always taken, and the functions that nothing needs any more.</summary>
    private static Model Inlined(Model model, string[] kept)
    {
        HashSet<string> needed = [.. Reach.Functions(model.Graph.Nodes, model.Functions)];
        foreach (string name in model.Functions.Keys.Where(n => !needed.Contains(n)).ToList())
            model.Functions.Remove(name);
        bool calls = model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes).Any(n => FunctionCalls.Called(n, model.Functions) is not null);
        return calls ? InlineFunctions.Run(model, kept) : model;
    }

    // From then on what is a scalar was said to be one.
    private static void UnknownScalars(Model model)
    {
        if (model.TensorFlow.Producer >= ScalarPlaceholders)
            return;
        model.TensorFlow.Producer = ScalarPlaceholders;
        foreach (Node node in model.Graph.Nodes)
        {
            if (node.Op == "Placeholder" && node.Attributes["shape"] is ShapeAttr { Value: { HasRank: true, Rank: 0 } })
                node.Attributes["shape"] = Shape.Unknown;
        }
    }

    private static string NodeName(string tensor) => tensor.Split(':')[0];
}
