using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops.Catalogue;
using Decant.Ops.Sampling;
using Decant.Passes;
using Decant.Passes.ControlFlow;
using Decant.Runtime;

namespace Decant;

/// <summary>
/// Runs a model. State (variables, tables) belongs to the session. A session runs one call at a time; several sessions of
/// one model share its weights.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly Model _model;
    private readonly Engine _engine;
    private readonly bool _hasControlFlow;
    private readonly WorkerPool? _ownPool;
    private readonly Dictionary<string, Runtime.Program> _programs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private bool _isInitialized;

    /// <summary>A session of a model, which must stay open as long as the session is used.</summary>
    public Session(Model model, SessionOptions? options = null)
    {
        options ??= new SessionOptions();
        _model = model;
        _ownPool = options.Threads > 0 ? new WorkerPool(options.Threads) : null;
        _hasControlFlow = model.Graph.HasControlFlow() || model.Functions.Values.Any(f => f.HasControlFlow());
        _engine = new Engine(model.Functions, options.Ops, _ownPool ?? WorkerPool.Shared) { Observer = options.Observer };
        if (options.Seed is { } seed)
            _engine.Resources.GetOrAdd(SessionSeed.ResourceName, () => new SessionSeed(seed));
    }

    /// <summary>
    /// Runs the model. Inputs and outputs are named as in the signature, or as tensors of the graph (<c>scope/node:0</c>,
    /// <c>scope/node</c>); any tensor can be fed or fetched.
    /// </summary>
    /// <param name="inputs">Values by name. They are read, not copied.</param>
    /// <param name="outputs">
    /// What to give back; null for all outputs of the signature. A node without outputs (<c>init</c>) is run and gives nothing.
    /// </param>
    /// <param name="signature">Which signature names belong to; null for the default one.</param>
    /// <param name="cancellation">Stops the run between ops, and inside long ones.</param>
    /// <returns>The values by the names that were asked for.</returns>
    /// <exception cref="ModelException">A name is unknown, a value does not fit, or the model cannot be run.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs = null, string? signature = null, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            Initialize(cancellation);
            SignatureView view = SignatureView.Of(_model, signature);
            string[] inputNames = [.. inputs.Keys];
            string[] outputNames = outputs is null ? [.. view.Outputs.Select(o => o.Name)] : [.. outputs];
            Value[] feeds = [.. inputNames.Select(n => view.Resolve(n, isInput: true))];
            if (outputs is null && outputNames.Length == 0)
                throw GraphErrors.MissingNode.At(new Location(_model.Path), "the model has no outputs to run it for", _model.Graph.Nodes.Count == 0 ? "a checkpoint holds variables only: put the graph beside it, as PREFIX.meta" : "name some: --output NAME");
            ILookup<bool, (string Name, Value Value)> wanted = outputNames.Select(n => (n, view.Resolve(n, isInput: false))).ToLookup(o => HasOutputs(o.Item2.Node));
            (string Name, Value Value)[] fetches = [.. wanted[true]];
            Runtime.Program program = Program(feeds, [.. fetches.Select(f => f.Value)], [.. wanted[false].Select(t => t.Value)]);
            object[] values = new object[feeds.Length];
            for (int i = 0; i < feeds.Length; i++)
                values[i] = Feeds.Check(feeds[i], inputs[inputNames[i]], inputNames[i]);
            object[] results = _engine.RunPlanned(program, values, cancellation);
            var byName = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            for (int i = 0; i < results.Length; i++)
                byName[fetches[i].Name] = results[i] as Tensor ?? ((Ops.Variable)results[i]).Value ?? throw Ops.OpErrors.BadInput.At(fetches[i].Value.Node.At(), "the variable has no value");
            return byName;
        }
    }

    /// <summary>As <see cref="Run"/>, on a thread of the thread pool.</summary>
    public Task<IReadOnlyDictionary<string, Tensor>> RunAsync(
        IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs = null, string? signature = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(inputs, outputs, signature, cancellation), cancellation);

    /// <summary>Bytes of native memory that the session holds for intermediate results.</summary>
    internal long ReservedBytes => _engine.Buffers.Reserved;

    /// <summary>The session's state.</summary>
    internal Ops.ResourceStore Resources => _engine.Resources;

    /// <summary>Ends the session's threads. Results stay valid.</summary>
    public void Dispose() => _ownPool?.Dispose();

    /// <summary>Gives variables their values from the checkpoint and runs the model's initializers, once.</summary>
    private void Initialize(CancellationToken cancellation)
    {
        if (_isInitialized)
            return;
        foreach (VariableEntry entry in _model.Variables.Values)
        {
            Node node = _model.Graph[entry.Name];
            string name = Ops.State.ResourceName.Of(node) ?? entry.Name;
            _engine.Resources.GetOrAdd(name, () => new Ops.Variable(name, entry.DType, entry.Shape, entry.Read));
        }

        var assets = new Ops.AssetAccess();
        var feeds = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string constant, string path) in _model.AssetPaths)
        {
            assets.Allow(path, path);
            feeds[constant] = Tensor.FromStrings([path], Shape.Scalar);
        }

        _engine.Resources.GetOrAdd("", () => assets);
        Node[] initializers = [.. _model.TensorFlow.TableInitializers.Append(_model.TensorFlow.InitNode)
            .Where(n => n.Length > 0).Distinct().Select(n => _model.Graph[n.TrimStart('^').Split(':')[0]])];
        if (initializers.Length > 0)
        {
            Value[] fed = [.. feeds.Keys.Select(k => new Value(_model.Graph[k]))];
            _engine.Run(new ProgramBuilder(_engine).Build(fed, [], initializers), [.. feeds.Values], cancellation);
        }

        _isInitialized = true;
    }

    private static bool HasOutputs(Node node) => node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { Outputs.Count: 0 };

    private Runtime.Program Program(Value[] feeds, Value[] fetches, Value[] targets)
    {
        string key = $"{string.Join('\n', feeds)}\n\n{string.Join('\n', fetches)}\n\n{string.Join('\n', targets)}";
        if (!_programs.TryGetValue(key, out Runtime.Program? program))
            _programs[key] = program = _hasControlFlow ? RaisedProgram(feeds, fetches, targets) : new ProgramBuilder(_engine).Build(feeds, fetches, targets.Select(t => t.Node));
        return program;
    }

    /// <summary>A program of the part that the fetches and targets need, its TF1 control flow raised.</summary>
    private Runtime.Program RaisedProgram(Value[] feeds, Value[] fetches, Value[] targets)
    {
        Model part = ExtractSubgraph.Run(_model, feeds, [.. fetches, .. targets]);
        Model raised = RaiseControlFlow.Run(part, [.. feeds.Concat(fetches).Concat(targets).Select(v => v with { Node = part.Graph[v.Node.Name] })]);
        Value Find(Value value) => value with { Node = raised.Graph[value.Node.Name] };
        return new ProgramBuilder(_engine.With(raised.Functions)).Build([.. feeds.Select(Find)], [.. fetches.Select(Find)], targets.Select(t => Find(t).Node));
    }
}
