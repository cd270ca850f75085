using Decant.Formats.Checkpoint;
using Decant.IR;
using Decant.Ops.Catalogue;
using Decant.Runtime;

namespace Decant;

public sealed partial class Session
{
    private readonly Dictionary<string, Runtime.Program> _programs = new(StringComparer.Ordinal);
    private readonly HashSet<Ops.Variable> _changing = [];
    private SessionCall? _lastCall;

    /// <summary>The names of a call as values of the graph, with the program that runs it.</summary>
    private SessionCall Resolve(IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs, string? signature, CancellationToken cancellation)
    {
        Initialize(cancellation);
        AllowFed(inputs);
        if (_lastCall is { } last && last.IsFor(inputs, outputs, signature))
            return Renewed(last);
        SignatureView view = SignatureView.Of(_model, signature);
        string[] inputNames = [.. inputs.Keys];
        string[] outputNames = outputs is null ? [.. view.Outputs.Select(o => o.Name)] : [.. outputs];
        Value[] feeds = [.. inputNames.Select(n => view.Resolve(n, isInput: true))];
        if (outputs is null && outputNames.Length == 0)
            throw GraphErrors.MissingNode.At(new Location(_model.Path), "the model has no outputs to run it for", _model.Graph.Nodes.Count == 0 && _model.TFLite is null ? "a checkpoint holds variables only: put the graph beside it, as PREFIX.meta" : _model.LooseWeights?.Hint ?? "name some: --output NAME");
        ILookup<bool, (string Name, Value Value)> wanted = outputNames.Select(n => (n, view.Resolve(n, isInput: false))).ToLookup(o => HasOutputs(o.Item2.Node));
        (string Name, Value Value)[] fetches = [.. wanted[true]];

        // A subgraph of TensorFlow Lite runs for its effects too, whatever is fetched.
        Value[] targets = [.. wanted[false].Select(t => t.Value), .. view.Graph is Function subgraph ? subgraph.ControlResults.Select(r => (Value)r.Node) : []];
        Runtime.Program program = Program(feeds, [.. fetches.Select(f => f.Value)], targets);
        return Renewed(new SessionCall(program, inputNames, feeds, fetches, targets, outputs is null ? null : outputNames, signature));
    }

    /// <summary>The call with a program that knows the variables as they are: one that was built before an assignment is built again.</summary>
    internal SessionCall Renewed(SessionCall call)
    {
        while (call.Program.IsOutdated)
        {
            _changing.UnionWith(call.Program.Assumed.Where(a => a.Variable.Version != a.Version).Select(a => a.Variable));
            foreach ((string key, _) in _programs.Where(p => p.Value.IsOutdated).ToList())
                _programs.Remove(key);
            call = call with { Program = Program(call.Inputs, [.. call.Fetches.Select(f => f.Value)], call.Targets) };
        }

        return _lastCall = call;
    }

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
        if (_model.Checkpoint is not null)
            Checkpoints();
        Node[] initializers = [.. _model.TensorFlow.TableInitializers.Append(_model.TensorFlow.InitNode)
            .Where(n => n.Length > 0).Distinct().Select(n => _model.Graph[n.TrimStart('^').Split(':')[0]])];
        if (initializers.Length > 0)
        {
            Value[] fed = [.. feeds.Keys.Select(k => new Value(_model.Graph[k]))];
            _engine.Run(new ProgramBuilder(_engine).Build(fed, [], initializers), [.. feeds.Values], cancellation);
        }

        _isInitialized = true;
    }

    private CheckpointAccess? Checkpoints() =>
        _options.OpenCheckpoints is { } open ? _engine.Resources.GetOrAdd<Ops.ICheckpointAccess>("", () => open(_model)) as CheckpointAccess : null;

    /// <summary>Lets ops that restore read the checkpoints whose paths are fed.</summary>
    private void AllowFed(IReadOnlyDictionary<string, Tensor> inputs)
    {
        const int MostPaths = 16;
        foreach (Tensor fed in inputs.Values)
        {
            if (fed is not { DType: DType.String, ElementCount: <= MostPaths })
                continue;
            foreach (ReadOnlyMemory<byte> path in fed.Strings)
                Checkpoints()?.Allow(System.Text.Encoding.UTF8.GetString(path.Span));
        }
    }

    private static bool HasOutputs(Node node) => node.Op.Dialect != Dialect.TensorFlow || OpCatalogue.Find(node.Op.Name) is not { Outputs.Count: 0 };

    private Runtime.Program Program(Value[] feeds, Value[] fetches, Value[] targets)
    {
        string graph = _model.TFLite is null || feeds.Concat(fetches).Concat(targets).FirstOrDefault() is not { IsPresent: true } any || _model.Graph.TryGet(any.Node.Name, out Node? main) && main == any.Node ? "" : GraphOf(any.Node);
        string key = $"{graph}\n{string.Join('\n', feeds)}\n\n{string.Join('\n', fetches)}\n\n{string.Join('\n', targets)}";
        if (!_programs.TryGetValue(key, out Runtime.Program? program))
            _programs[key] = program = _hasCalls && _options.Flatten is { } flatten ? FlatProgram(flatten, feeds, fetches, targets) : new ProgramBuilder(_engine, _changing) { RunsOnce = _options.RunsOnce }.Build(feeds, fetches, targets.Select(t => t.Node));
        return program;
    }

    private string GraphOf(Node node) => _model.Functions.FirstOrDefault(f => f.Value.TryGet(node.Name, out Node? found) && found == node).Key ?? "";

    /// <summary>A program of the part that the fetches and targets need, its TF1 control flow raised and its calls inlined.</summary>
    private Runtime.Program FlatProgram(Func<Model, Value[], Value[], Model> flatten, Value[] feeds, Value[] fetches, Value[] targets)
    {
        Model part = flatten(_model, feeds, [.. fetches, .. targets]);
        Value Find(Value value) => value with { Node = part.Graph[value.Node.Name] };
        return new ProgramBuilder(_engine.With(part.Functions), _changing) { RunsOnce = _options.RunsOnce }.Build([.. feeds.Select(Find)], [.. fetches.Select(Find)], targets.Select(t => Find(t).Node));
    }
}
