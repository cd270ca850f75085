using Decant.IR;
using Decant.Passes;
using Decant.TestKit;

namespace Decant.Tests.Passes.Transforms;

/// <summary>A graph in text form, and what a list of transforms made of it; the graph is verified around every edit.</summary>
internal sealed class Transformed
{
    private readonly Model _before;
    private readonly string[] _outputs;

    private Transformed(Model before, string[] outputs, TransformResult result) => (_before, _outputs, Model, Report) = (before, outputs, result.Model, result.Report);

    public Model Model { get; }

    public PassReport Report { get; }

    public Node this[string name] => Model.Graph[name];

    public static Transformed Run(string text, string transforms, string inputs = "x", string outputs = "y", bool verify = true)
    {
        Model before = TextGraphs.Parse(text);
        string[] wanted = outputs.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new(before, wanted, before.Transform(transforms, inputs.Split(',', StringSplitOptions.RemoveEmptyEntries), wanted, new PassOptions { Verify = verify }));
    }

    /// <summary>Asserts that nothing was edited, and that a decline says why.</summary>
    public static void IsDeclined(string text, string transforms, string reason, string inputs = "x", string outputs = "y")
    {
        Transformed it = Run(text, transforms, inputs, outputs);
        Assert.Empty(it.Report.Edits);
        Assert.Contains(it.Report.Declines, d => d.Reason.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>Asserts the ops that are left, sorted by their nodes' names: <c>name=Op</c>.</summary>
    public Transformed Has(params string[] nodes)
    {
        Assert.Equal(nodes.Order(StringComparer.Ordinal), Model.Graph.Nodes.Select(n => $"{n.Name}={n.Op}").Order(StringComparer.Ordinal));
        return this;
    }

    public Tensor Constant(string name) => new Value(Model.Graph[name]).Constant!;

    /// <summary>Runs both graphs on random values of the placeholders and compares the outputs.</summary>
    public Transformed GivesTheSame(double tolerance = 1e-6)
    {
        var random = new Random(71);
        var feeds = new Dictionary<string, Tensor>();
        foreach (Node node in _before.Graph.Nodes.Where(n => n.Op == "Placeholder"))
        {
            Shape shape = ((ShapeAttr)node.Attributes["shape"]!).Value;
            feeds[node.Name] = ((TypeAttr)node.Attributes["dtype"]!).Value == DType.Int32
                ? Tensor.Wrap(Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next(3)).ToArray(), shape)
                : Tensor.Wrap(Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 2) - 1).ToArray(), shape);
        }

        using var first = new Session(_before);
        using var second = new Session(Model);
        IReadOnlyDictionary<string, Tensor> wanted = first.Run(feeds, _outputs);
        IReadOnlyDictionary<string, Tensor> found = second.Run(feeds, _outputs);
        foreach (string output in _outputs)
            Assert.Null(TensorComparison.Difference(found[output], wanted[output], tolerance, tolerance));
        return this;
    }

    public static void Fails(string text, string transforms, ErrorCode code, string message, string inputs = "x", string outputs = "y")
    {
        Diagnostic fault = Assert.Throws<ModelException>(() => Run(text, transforms, inputs, outputs)).Diagnostics[0];
        Assert.Equal(code, fault.Code);
        Assert.Contains(message, fault.ToString(), StringComparison.Ordinal);
    }
}
