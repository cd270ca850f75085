using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Passes;

namespace Decant.Tests.Passes.Optimize;

/// <summary>A graph in text form to which passes were applied, and which still gives what it gave before.</summary>
internal sealed class PassRun
{
    /// <summary>A weight or bias is rounded once more than in the original.</summary>
    private const double Tolerance = 1e-5;

    private readonly Model _model;

    private PassRun(Model model, PassReport report) => (_model, Report) = (model, report);

    public PassReport Report { get; }

    /// <summary>Applies passes, the graph verified around each edit, and runs both graphs for the names that are kept.</summary>
    public static PassRun Of(string text, string[] kept, params Pass[] passes)
    {
        Model model = TextGraphs.Parse(text);
        PassReport report = PassDriver.Run(model, passes, new PassOptions { Kept = kept, Verify = true, Functions = true });
        Model original = TextGraphs.Parse(text);
        string[] outputs = [.. kept.Where(k => original.Graph[k].Op.Name is not ("Placeholder" or "NoOp"))];
        ComparisonResult result = ModelComparison.Compare(
            original, model, new Dictionary<string, Tensor>(), new Random(1), new CompareOptions { Outputs = outputs, RelativeTolerance = Tolerance, AbsoluteTolerance = Tolerance });
        Assert.All(result.Outputs, o => Assert.True(o.Difference.Equal, $"{o.Name}: {o.Difference}"));
        return new PassRun(model, report);
    }

    /// <summary>Expects the edits of these labels, and no others.</summary>
    public PassRun Does(params string[] edits)
    {
        Assert.Equal(edits, Report.Edits);
        return this;
    }

    /// <summary>Expects a node to be of an op and to read these.</summary>
    public PassRun Has(string name, string op, params string[] inputs)
    {
        Node node = _model.Graph[name];
        Assert.Equal(op, node.Op.Name);
        Assert.Equal(inputs, node.Inputs.AsSpan().ToArray().Select(v => v.ToString()).Concat(node.ControlInputs.Select(n => $"^{n.Name}")));
        return this;
    }

    /// <summary>A node of the result.</summary>
    public Node this[string name] => _model.Graph[name];

    /// <summary>Expects these nodes in the main graph: lines of the text form, braces left out.</summary>
    public PassRun Gives(string nodes)
    {
        TextGraphs.AssertPrints(GraphPrinter.Print(TextGraphs.Parse($"graph {{\n{nodes}\n}}")), new Model { Graph = _model.Graph });
        return this;
    }

    /// <summary>Expects the whole model, functions included.</summary>
    public PassRun GivesModel(string text)
    {
        TextGraphs.AssertPrints(GraphPrinter.Print(TextGraphs.Parse(text)), _model);
        return this;
    }

    /// <summary>Expects no edit, and this decline of this node.</summary>
    public void Declines(string node, string reason)
    {
        Assert.Empty(Report.Edits);
        Assert.Contains(Report.Declines, d => d.Node == node && d.Reason.Contains(reason, StringComparison.Ordinal));
    }
}
