using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>What all programs of a session share: the ops, the functions, the threads, the memory and the state.</summary>
internal sealed class Engine(IReadOnlyDictionary<string, Function> functions, OpTable ops, WorkerPool pool)
{
    /// <summary>Functions may call one another this deep; a deeper call is taken for an endless recursion.</summary>
    private const int MaxCallDepth = 256;

    private readonly Dictionary<string, FunctionCall> _callables = new(StringComparer.Ordinal);
    private int _callDepth;

    public OpTable Ops => ops;

    public WorkerPool Pool => pool;

    public BufferPool Buffers { get; private init; } = new();

    public ResourceStore Resources { get; private init; } = new();

    public IStepObserver? Observer { get; init; }

    /// <summary>The functions that are being called, one inside the other.</summary>
    public int CallDepth => _callDepth - 1;

    /// <summary>An engine of other functions with the memory and the state of this one.</summary>
    public Engine With(IReadOnlyDictionary<string, Function> otherFunctions) => new(otherFunctions, ops, pool) { Buffers = Buffers, Resources = Resources, Observer = Observer };

    /// <summary>The function that an attribute of a node names, its program built when it is called first.</summary>
    public FunctionCall Callable(FunctionAttr attr, Node caller)
    {
        if (_callables.TryGetValue(attr.Name, out FunctionCall? callable))
            return callable;
        if (!functions.TryGetValue(attr.Name, out Function? function))
            throw GraphErrors.MissingNode.At(caller.At(), $"calls the function '{attr.Name}', which the model does not have");
        return _callables[attr.Name] = new FunctionCall(this, function);
    }

    /// <summary>
    /// Runs a program. Feeds are lent; the results carry a counted reference each, which the caller releases or leaves to
    /// the garbage collector.
    /// </summary>
    public object[] Run(Program program, ReadOnlySpan<object> feeds, CancellationToken cancellation)
    {
        if (_callDepth >= MaxCallDepth)
            throw OpErrors.BadInput.At(program.Steps[0].Node.At(), $"functions call one another more than {MaxCallDepth} deep: this is an endless recursion");
        _callDepth++;
        object?[] slots = new object?[program.SlotCount];
        try
        {
            for (int i = 0; i < feeds.Length; i++)
                slots[program.Feeds[i]] = Slot.Share(feeds[i]);
            var context = new StepContext(this, slots, cancellation);
            foreach (Program.Step step in program.Steps)
            {
                cancellation.ThrowIfCancellationRequested();
                context.Run(step);
            }

            object[] results = new object[program.Fetches.Length];
            for (int i = 0; i < results.Length; i++)
                results[i] = Slot.Share(slots[program.Fetches[i]]!);
            return results;
        }
        finally
        {
            _callDepth--;
            foreach (object? value in slots)
                Slot.Release(value);
        }
    }
}
