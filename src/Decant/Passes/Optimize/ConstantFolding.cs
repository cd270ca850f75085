using System.Globalization;
using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Runtime;

namespace Decant.Passes.Optimize;

/// <summary>
/// f(c1, ..., cn) = c: a node whose inputs are all <c>Const</c> is run once, by its kernel, and becomes the <c>Const</c> of its result.
/// A node with several outputs becomes a <c>Const</c> for each that is read.
/// </summary>
/// <remarks>
/// The node keeps its name and its device. What it and its inputs had to wait for, the constant waits for: inside a TF1 loop or
/// branch that is what places it there.
/// </remarks>
internal sealed class ConstantFolding(ConstantFoldingOptions? options = null, GrowthBudget? budget = null) : NodePass("constant_folding")
{
    /// <summary>More than this is not computed in one go over a graph, whatever the options allow: many small results are large too.</summary>
    private const long LargestTotal = 1L << 30;

    private readonly ConstantFoldingOptions _options = options ?? new ConstantFoldingOptions();
    private Engine? _engine;
    private long _total;

    /// <summary>The pass with the parameters <c>exclude_op</c>, <c>exclude_node</c> (each any number of times) and <c>max_bytes</c>.</summary>
    public static ConstantFolding Of(PassParameters parameters) => new(new ConstantFoldingOptions
    {
        ExcludedOps = [.. parameters.All("exclude_op")],
        ExcludedNodes = [.. parameters.All("exclude_node")],
        MaxGrowth = parameters.Int64("max_bytes", ConstantFoldingOptions.DefaultMaxGrowth),
    });

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Inputs.Count == 0 || node.Inputs.Exists(v => !v.IsPresent || v.Node.Op != "Const"))
            return null;
        if (_options.ExcludedOps.Contains(node.Op.Name) || _options.ExcludedNodes.Contains(node.Name))
            return context.Decline(node, "is excluded from folding");
        if (!Purity.IsPure(node))
            return context.Decline(node, "has effects, may differ from run to run, or gives handles");
        if (node.Op.Name is "Enter" or "Exit" or "NextIteration" or "LoopCond")
            return context.Decline(node, "is part of a TF1 loop");
        int[] read = [.. context.Users(node).SelectMany(u => u.Inputs.AsSpan().ToArray()).Where(v => v.Node == node).Select(v => v.Port).Distinct().Order()];
        if (read.Length == 0 && !context.IsKept(node))
            return null;

        _engine ??= new Engine(context.Model.Functions, _options.Ops, WorkerPool.Shared);
        var values = new ConstantValues(_engine, [], null) { LargestResult = _options.MaxConstantBytes, RestoresWeights = false };
        if (!values.TryCompute(node))
            return context.Decline(node, "has no kernel, fails, or gives more than a constant may take");
        List<Tensor> results = [];
        while (values.Find(new Value(node, results.Count)) is { } result)
            results.Add(result());
        if (results.Exists(r => r.DType is DType.Resource or DType.Variant))
            return context.Decline(node, "gives handles");
        long bytes = results.Count == 1 ? ConstantBytes.Of(results[0]) : read.Sum(p => ConstantBytes.Of(results[p]));
        long growth = bytes - ConstantBytes.FreedBy(context, [node]);
        if (growth > _options.MaxGrowth)
            return context.Decline(node, string.Create(CultureInfo.InvariantCulture, $"would make the model {growth} bytes larger, at most {_options.MaxGrowth} are allowed"));
        if (budget?.TryTake(growth) == false)
            return context.Decline(node, string.Create(CultureInfo.InvariantCulture, $"would make the model {growth} bytes larger, {budget.Left} are left of what all that is folded may add"));
        if ((_total += bytes) > LargestTotal)
            return context.Decline(node, string.Create(CultureInfo.InvariantCulture, $"all that is folded would take more than {LargestTotal} bytes"));
        return results.Count == 1 ? Single(node, results[0]) : Several(node, results, read, context);
    }

    private Patch Single(Node node, Tensor result) => new Patch($"{Name}: {node.Name}").Change(node, n => n.BecomeConst(result, Waits(n)));

    private Patch? Several(Node node, List<Tensor> results, int[] read, PassContext context)
    {
        if (read.Length == 0)
            return null;
        var patch = new Patch($"{Name}: {node.Name}");
        List<Node> waits = Waits(node);
        foreach (int port in read)
        {
            Node constant = patch.AddConst(string.Create(CultureInfo.InvariantCulture, $"{node.Name}/folded_{port}"), results[port]);
            constant.Device = node.Device;
            constant.ControlInputs.AddRange(waits);
            patch.Replace(new Value(node, port), constant);
        }

        return context.IsKept(node) ? patch : patch.Remove(node);
    }

    private static List<Node> Waits(Node node) => [.. node.ControlInputs.Concat(node.Inputs.SelectMany(v => v.Node.ControlInputs)).Distinct()];
}
