using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Ops.Sampling;
using Decant.Passes.ControlFlow;
using Decant.Runtime;

namespace Decant;

/// <summary>
/// Runs a model. State (variables, tables) belongs to the session. Any thread may call it; it runs one call at a time, and the
/// others wait. Several sessions of one model run side by side and share its weights.
/// </summary>
public sealed partial class Session : IDisposable
{
    private readonly Model _model;
    private readonly SessionOptions _options;
    private readonly Engine _engine;
    private readonly bool _hasCalls;
    private readonly WorkerPool? _ownPool;
    private readonly Lock _lock = new();
    private bool _isInitialized;
    private bool _isRunning;

    /// <summary>A session of a model, which must stay open as long as the session is used.</summary>
    public Session(Model model)
        : this(model, new SessionOptions())
    {
    }

    /// <summary>A session of a model, which must stay open as long as the session is used.</summary>
    /// <exception cref="ModelException">The model has TF1 control flow, and the options do not let it be raised.</exception>
    public Session(Model model, SessionOptions options)
    {
        (_model, _options) = (model, options);
        _ownPool = options.Threads > 0 ? new WorkerPool(options.Threads) : null;
        bool hasControlFlow = model.Graph.HasControlFlow();
        if (hasControlFlow && options.Flatten is null)
            throw OpErrors.NoKernel.At(new Location(model.Path), "the graph has TF1 control flow (Switch, Merge, Enter), which is raised before it runs, and the session's options leave that out", "set SessionOptions.Flattens; decant ops MODEL --csharp FILE.cs writes options that fit the model");
        _hasCalls = model.TFLite is null && (hasControlFlow || model.Functions.Count > 0);
        _engine = new Engine(model.Functions, options.Ops, _ownPool ?? WorkerPool.Shared) { Observer = options.Observer, Fuses = options.Fusion, LargestTensor = options.LargestTensor };
        if (options.Seed is { } seed)
            _engine.Resources.GetOrAdd(SessionSeed.ResourceName, () => new SessionSeed(seed));
        if (options.Log is { } log)
            _engine.Resources.GetOrAdd("", () => log);
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
        using Running running = Enter();
        SessionCall call = Resolve(inputs, outputs, signature, cancellation);
        object[] results = _engine.RunPlanned(call.Program, call.Feeds(inputs), cancellation);
        Array.ForEach(results, Slot.Leave);
        var byName = new Dictionary<string, Tensor>(results.Length, StringComparer.Ordinal);
        for (int i = 0; i < results.Length; i++)
            byName[call.Fetches[i].Name] = call.Output(results, i);
        return byName;
    }

    /// <summary>As <see cref="Run"/>, on a thread of the thread pool.</summary>
    public Task<IReadOnlyDictionary<string, Tensor>> RunAsync(
        IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs = null, string? signature = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(inputs, outputs, signature, cancellation), cancellation);

    /// <summary>
    /// Runs the model as <see cref="Run"/> does and makes a run of it that can be repeated: the memory of inputs, intermediate
    /// values and outputs is laid out once, and a repetition allocates nothing where no shape depends on the data.
    /// </summary>
    /// <param name="inputs">The values of this first run, which are copied; repetitions have inputs of the same types and shapes.</param>
    /// <param name="outputs">As in <see cref="Run"/>.</param>
    /// <param name="signature">As in <see cref="Run"/>.</param>
    /// <param name="cancellation">Stops this first run.</param>
    /// <exception cref="ModelException">As in <see cref="Run"/>.</exception>
    public PreparedRun Prepare(
        IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs = null, string? signature = null, CancellationToken cancellation = default)
    {
        using Running running = Enter();
        return new PreparedRun(this, Resolve(inputs, outputs, signature, cancellation), inputs, cancellation);
    }

    /// <summary>
    /// Bytes of memory that the session holds for intermediate values: the arena, which is as large as the largest of its planned runs
    /// needs, those of functions, and pooled blocks for what is not planned. Results of runs are not the session's.
    /// </summary>
    public long IntermediateBytes => _engine.IntermediateBytes;

    /// <summary>
    /// Bytes of weights and other constants that the session's programs need: each in the form in which its kernel reads it, packed or as the
    /// file has it (then they are pages of the file). What has not run yet counts as far as it is prepared.
    /// </summary>
    public long ConstantBytes => _programs.Values.Sum(p => p.Forms.Bytes) + _engine.ConstantBytes;

    /// <summary>The session's state.</summary>
    internal Ops.ResourceStore Resources => _engine.Resources;

    /// <summary>What runs programs.</summary>
    internal Engine Engine => _engine;

    /// <summary>Ends the session's threads and gives back its memory. Results stay valid.</summary>
    public void Dispose()
    {
        using Running running = Enter();
        _ownPool?.Dispose();
        _engine.Dispose();
    }

    /// <summary>Waits until the session is free and takes it.</summary>
    /// <exception cref="InvalidOperationException">The caller is called by a run of this session.</exception>
    internal Running Enter()
    {
        _lock.Enter();
        if (!_isRunning)
        {
            _isRunning = true;
            return new Running(this);
        }

        _lock.Exit();
        throw new InvalidOperationException("the session is running: what it calls during a run cannot run it");
    }

    /// <summary>The session is taken until this is disposed.</summary>
    internal readonly ref struct Running(Session session)
    {
        public void Dispose()
        {
            session._isRunning = false;
            session._lock.Exit();
        }
    }
}
