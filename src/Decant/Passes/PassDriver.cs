using Decant.IR;
using Decant.Ops;
using Decant.Ops.Arrays;

namespace Decant.Passes;

/// <summary>How passes are run.</summary>
public sealed record PassOptions
{
    /// <summary>Nodes of the main graph that stay findable by their names: inputs and outputs.</summary>
    public IReadOnlyCollection<string> Kept { get; init; } = [];

    /// <summary>The tensors of the main graph that are given from outside, as <c>node</c> or <c>node:port</c>. Their nodes are kept.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The tensors of the main graph that are wanted. Their nodes are kept.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Is told which pass begins.</summary>
    public Action<Pass>? Beginning { get; init; }

    /// <summary>The number of edits after which all passes stop: for finding the edit that changed a result.</summary>
    public int MaxEdits { get; init; } = int.MaxValue;

    /// <summary>Whether the model is verified around every edit.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether facts are inferred first, and again for what edits touch.</summary>
    public bool InferFacts { get; init; } = true;

    /// <summary>Whether passes also run over the bodies of functions, those that nothing calls excepted.</summary>
    public bool Functions { get; init; }

    /// <summary>The ops whose inference is asked.</summary>
    public OpTable Ops { get; init; } = OpTable.All;
}

/// <summary>What passes did.</summary>
/// <param name="Edits">The labels of the edits in order.</param>
/// <param name="Declines">What they found but did not take.</param>
public sealed record PassReport(IReadOnlyList<string> Edits, IReadOnlyList<Decline> Declines);

/// <summary>The one place that edits graphs for passes.</summary>
public sealed class PassDriver
{
    private readonly Model _model;
    private readonly PassOptions _options;
    private readonly InferFacts _inference;
    private readonly List<string> _edits = [];

    private PassDriver(Model model, PassOptions options)
    {
        (_model, _options) = (model, options);
        _inference = new InferFacts(model.Functions, options.Ops);
    }

    /// <summary>Runs passes one after another over the model's main graph, and its functions where that is asked, in place.</summary>
    /// <exception cref="ModelException">A name that is to be kept is not there, or the graph has a cycle.</exception>
    public static PassReport Run(Model model, IEnumerable<Pass> passes, PassOptions? options = null)
    {
        var driver = new PassDriver(model, options ?? new PassOptions());
        List<PassContext> contexts = [new PassContext(
            model, model.Graph, driver._options.Kept.Select(n => model.Graph[n]), driver._options.Inputs.Select(n => model.Graph.Tensor(n)), driver._options.Outputs.Select(n => model.Graph.Tensor(n)))];
        if (driver._options.InferFacts)
            Passes.InferFacts.Run(model, driver._options.Ops);
        if (driver._options.Verify)
            Verifier.Check(model);
        List<FunctionResults> results = [.. driver._options.Functions ? Reach.Functions(model.Graph.Nodes, model.Functions).Select(n => new FunctionResults(model.Functions[n])) : []];
        contexts.AddRange(results.Select(r => new PassContext(model, r.Function, r.Kept, [], [])));
        foreach (Pass pass in passes)
        {
            foreach (PassContext context in contexts)
                driver.Tolerate(pass, context);
        }

        foreach (FunctionResults result in results)
            result.Return();
        return new PassReport(driver._edits, [.. contexts.SelectMany(c => c.Declines)]);
    }

    private void Tolerate(Pass pass, PassContext context)
    {
        try
        {
            Run(pass, context);
        }
        catch (ModelException e) when (pass.IgnoresErrors)
        {
            context.Note($"Ignoring error {e.Message}");
        }
    }

    private void Run(Pass pass, PassContext context)
    {
        context.Begin(pass);
        _options.Beginning?.Invoke(pass);
        if (_edits.Count >= _options.MaxEdits)
            return;
        foreach (Patch patch in pass.Patches(context))
        {
            List<Node> touched = PatchApplication.Apply(patch, context);
            _edits.Add(patch.Label);
            if (_options.InferFacts)
                InferAgain(touched, context);
            if (_options.Verify && Verifier.Find(_model) is { Count: > 0 } faults)
                throw new InvalidOperationException($"the edit '{patch.Label}' of pass {pass.Name} broke the graph: {string.Join('\n', faults)}");
            if (_edits.Count >= _options.MaxEdits)
                return;
        }
    }

    private void InferAgain(List<Node> touched, PassContext context)
    {
        // Facts only become more precise along an acyclic graph, but a TF1 loop's back edge could keep two nodes changing.
        const int MaxVisits = 16;
        var visits = new Dictionary<Node, int>();
        var open = new Queue<Node>(touched);
        while (open.TryDequeue(out Node? node))
        {
            int visit = visits.GetValueOrDefault(node) + 1;
            visits[node] = visit;
            if (visit > MaxVisits || !context.IsThere(node) || (!_inference.Node(node) && !ShapeInput.GivesSizes(node)))
                continue;
            foreach (Node reader in context.Users(node))
                open.Enqueue(reader);
        }
    }
}
