using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>What all programs of a session share: the ops, the functions, the threads, the memory and the state.</summary>
internal sealed class Engine(IReadOnlyDictionary<string, Function> functions, OpTable ops, WorkerPool pool)
{
    /// <summary>Functions may call one another this deep; a deeper call is taken for an endless recursion.</summary>
    private const int MaxCallDepth = 256;

    /// <summary>Shapes that a program is planned for at the same time.</summary>
    private const int MaxPlans = 4;

    private readonly Dictionary<string, FunctionCall> _callables = new(StringComparer.Ordinal);
    private List<FunctionCall> _calls = [];
    private CallDepth _depth = new();

    public OpTable Ops => ops;

    public WorkerPool Pool => pool;

    public BufferPool Buffers { get; private init; } = new();

    /// <summary>The memory of the intermediate results of planned runs, one of which is under way at a time.</summary>
    public Arena Arena { get; private init; } = new();

    public ResourceStore Resources { get; private init; } = new();

    /// <summary>Bytes of memory for intermediate values: those of planned runs and calls, and pooled blocks.</summary>
    public long IntermediateBytes => Arena.Length + Buffers.Reserved + _calls.Sum(c => c.Bytes);

    /// <summary>Bytes of constants that the functions need that have been called.</summary>
    public long ConstantBytes => _calls.Sum(c => c.ConstantBytes);

    public IStepObserver? Observer { get; init; }

    /// <summary>The most bytes of a tensor that a node makes of less.</summary>
    public long LargestTensor { get; init; } = TensorLimit.Usual;

    /// <summary>Whether programs join nodes into one step where that gives the same results.</summary>
    public bool Fuses { get; init; } = true;

    /// <summary>The functions that are being called, one inside the other.</summary>
    public int Depth => _depth.Value - 1;

    /// <summary>An engine of other functions with the memory and the state of this one.</summary>
    public Engine With(IReadOnlyDictionary<string, Function> otherFunctions) =>
        new(otherFunctions, ops, pool) { Buffers = Buffers, Arena = Arena, Resources = Resources, Observer = Observer, Fuses = Fuses, LargestTensor = LargestTensor, _calls = _calls, _depth = _depth };

    /// <summary>The same engine with nobody told of what runs.</summary>
    public Engine WithoutObserver() => Observer is null ? this : new(functions, ops, pool) { Buffers = Buffers, Arena = Arena, Resources = Resources, Fuses = Fuses, LargestTensor = LargestTensor, _calls = _calls, _depth = _depth };

    /// <summary>The function that an attribute of a node names, its program built when it is called first.</summary>
    public FunctionCall Callable(FunctionAttr attr, Node caller) => Find(attr.Name)
        ?? throw GraphErrors.MissingNode.At(caller.At(), $"calls the function '{attr.Name}', which the model does not have");

    /// <summary>The function of this name, or null.</summary>
    public FunctionCall? Find(string name)
    {
        if (_callables.TryGetValue(name, out FunctionCall? callable))
            return callable;
        if (!functions.TryGetValue(name, out Function? function))
            return null;
        _callables[name] = callable = new FunctionCall(this, function);
        _calls.Add(callable);
        return callable;
    }

    /// <summary>Gives the memory of planned runs back.</summary>
    public void Dispose()
    {
        Arena.Dispose();
        foreach (FunctionCall call in _calls)
            call.Dispose();
        Buffers.Trim();
    }

    /// <summary>
    /// Runs a program in pooled memory. Feeds are lent; the results carry a counted reference each, which the caller releases
    /// or leaves (<see cref="Slot.Leave"/>) to the garbage collector.
    /// </summary>
    public object[] Run(Program program, ReadOnlySpan<object> feeds, CancellationToken cancellation)
    {
        object[] results = new object[program.Fetches.Length];
        StepContext context = program.Idle ?? new StepContext(this, program);
        program.Idle = null;
        Run(context, program, feeds, results, cancellation);
        program.Idle = context;
        return results;
    }

    /// <summary>As <see cref="Run(Program, ReadOnlySpan{object}, CancellationToken)"/>, by a plan from the third run with the same shapes on.</summary>
    public object[] RunPlanned(Program program, ReadOnlySpan<object> feeds, CancellationToken cancellation)
    {
        object[] results = new object[program.Fetches.Length];
        foreach (PlannedContext planned in program.Plans)
        {
            if (!planned.Plan.IsFor(feeds))
                continue;
            Run(planned, program, feeds, results, cancellation);
            return results;
        }

        if (!program.IsPlannable || !program.WasRunFor(feeds))
            return Run(program, feeds, cancellation);
        if (program.Plans.Count == MaxPlans)
            program.Plans.RemoveAt(MaxPlans - 1);
        if (RunAndPlan(program, feeds, results, new PlanMemory(Arena), cancellation) is { } plan)
            program.Plans.Insert(0, plan);
        else
            program.IsPlannable = false;
        return results;
    }

    /// <summary>Runs a program in pooled memory and plans it for these feeds; no plan when the system does not give the memory for it.</summary>
    public PlannedContext? RunAndPlan(Program program, ReadOnlySpan<object> feeds, Span<object> results, PlanMemory memory, CancellationToken cancellation)
    {
        var recorder = new PlanRecorder(this, program, memory);
        Run(recorder, program, feeds, results, cancellation);
        Buffers.Trim();
        try
        {
            return recorder.Plan(feeds);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Runs a program in a context of it.</summary>
    public void Run(StepContext context, Program program, ReadOnlySpan<object> feeds, Span<object> results, CancellationToken cancellation)
    {
        if (_depth.Value >= MaxCallDepth)
            throw OpErrors.BadInput.At(program.Steps[0].Node.At(), $"functions call one another more than {MaxCallDepth} deep: this is an endless recursion");
        if (_depth.Value++ == 0)
            Resources.Runs++;
        try
        {
            context.Run(feeds, results, cancellation);
        }
        finally
        {
            _depth.Value--;
        }
    }

    /// <summary>How deep the calls are, for all engines of a session.</summary>
    private sealed class CallDepth
    {
        public int Value { get; set; }
    }
}
