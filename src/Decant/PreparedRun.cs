using Decant.Runtime;

namespace Decant;

/// <summary>
/// A run of a session that can be repeated with other values of the same types and shapes: write the inputs, call
/// <see cref="Run"/>, read the outputs. Repeating it allocates nothing where no shape depends on the data.
/// </summary>
/// <example>
/// <code>
/// using PreparedRun run = session.Prepare(new Dictionary&lt;string, Tensor&gt; { ["image"] = first });
/// pixels.CopyTo(run.Input&lt;float&gt;("image"));
/// run.Run();
/// ReadOnlySpan&lt;float&gt; scores = run.Output&lt;float&gt;("scores");
/// </code>
/// </example>
public sealed class PreparedRun : IDisposable
{
    private readonly Session _session;
    private SessionCall _call;
    private readonly object[] _feeds;
    private readonly object[] _results;
    private readonly Arena _resultMemory = new();
    private PlannedContext _context;
    private bool _isDisposed;

    internal PreparedRun(Session session, SessionCall call, IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellation)
    {
        (_session, _call) = (session, call);
        _feeds = Array.ConvertAll(call.Feeds(inputs), value => (object)Own((Tensor)value));
        _results = new object[call.Fetches.Length];
        _context = Plan(call, cancellation);
    }

    /// <summary>Bytes of memory that the run needs for intermediate values; the session's runs share it.</summary>
    public long ArenaBytes => _context.Plan.ArenaBytes;

    /// <summary>The steps that are run: nodes that are neither constant nor part of another's step.</summary>
    public int StepCount => _context.Plan.Steps.Length;

    /// <summary>The elements of an input, to be written.</summary>
    /// <exception cref="KeyNotFoundException">The run has no such input.</exception>
    /// <exception cref="ModelException">The elements are of another type.</exception>
    public Span<T> Input<T>(string name)
        where T : unmanaged
    {
        Tensor input = Fed(name);
        return input.Stores<T>() ? input.Mutable<T>()
            : throw CoreErrors.DTypeMismatch.At(null, $"the input '{name}' is {input}, but {DTypes.Of<T>().Name()} elements are asked for");
    }

    /// <summary>Copies a value into an input.</summary>
    /// <exception cref="KeyNotFoundException">The run has no such input.</exception>
    /// <exception cref="ModelException">It is of another type or shape.</exception>
    public void SetInput(string name, Tensor value)
    {
        Tensor input = Fed(name);
        if (value.DType != input.DType || value.Shape != input.Shape)
            throw Ops.OpErrors.BadInput.At(null, $"the input '{name}' is given {value}, expected {input}", "prepare another run for other shapes");
        Copy(value, input);
    }

    /// <summary>Runs the model again.</summary>
    /// <exception cref="ModelException">The model cannot be run with these values.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using Session.Running running = _session.Enter();
        foreach (object result in _results)
            Slot.Release(result);
        Array.Clear(_results);
        SessionCall call = _session.Renewed(_call);
        if (call != _call)
        {
            _call = call;
            _context = Plan(call, cancellation);
            return;
        }

        _session.Engine.Run(_context, call.Program, _feeds, _results, cancellation);
    }

    /// <summary>An output of the last run. The next one may write over it.</summary>
    /// <exception cref="KeyNotFoundException">The run has no such output.</exception>
    /// <exception cref="InvalidOperationException">The last run failed.</exception>
    public Tensor Output(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (int i = 0; i < _results.Length; i++)
        {
            if (_call.Fetches[i].Name == name)
                return _results[i] is null ? throw new InvalidOperationException("the last run failed and has no outputs") : _call.Output(_results, i);
        }

        throw new KeyNotFoundException($"there is no output '{name}': there are {string.Join(", ", _call.Fetches.Select(f => $"'{f.Name}'"))}");
    }

    /// <summary>The elements of an output of the last run. The next one may write over them.</summary>
    /// <inheritdoc cref="Output(string)" />
    public ReadOnlySpan<T> Output<T>(string name)
        where T : unmanaged => Output(name).Span<T>();

    /// <summary>Gives the memory of inputs and outputs back, which must not be read any more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _resultMemory.Dispose();
        foreach (object feed in _feeds)
            ((Tensor)feed).Data.Owner?.Dispose();
    }

    private static Tensor Own(Tensor value)
    {
        if (!value.DType.HasFixedSize())
            return value.DType == DType.String ? new Tensor(value.Shape, value.Strings.ToArray()) : value;
        if (value.Data.Length == 0)
            return value;
        var memory = new Arena();
        memory.Reserve(value.Data.Length);
        var own = new Tensor(value.DType, value.Shape, new BufferSlice(memory, 0, value.Data.Length));
        Copy(value, own);
        return own;
    }

    private static void Copy(Tensor from, Tensor to)
    {
        if (from.DType == DType.String)
            from.Strings.CopyTo(to.MutableStrings);
        else if (from.DType.HasFixedSize())
            from.Data.Copy(to.Data);
        else
            from.Handles.CopyTo(to.MutableHandles);
    }

    private PlannedContext Plan(SessionCall call, CancellationToken cancellation) =>
        _session.Engine.RunAndPlan(call.Program, _feeds, _results, new PlanMemory(_session.Engine.Arena) { Results = ResultMemory, FeedsStay = true }, cancellation)
            ?? throw Ops.OpErrors.OutOfMemory.At(null, "the intermediate values of the model do not fit into the memory of this machine");

    private Arena ResultMemory(long bytes)
    {
        _resultMemory.Reserve(bytes);
        return _resultMemory;
    }

    private Tensor Fed(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int at = Array.IndexOf(_call.InputNames, name);
        return at >= 0 ? (Tensor)_feeds[at] : throw new KeyNotFoundException($"there is no input '{name}': there are {string.Join(", ", _call.InputNames.Select(n => $"'{n}'"))}");
    }
}
